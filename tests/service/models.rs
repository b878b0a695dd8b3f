//! Models as they come.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::annex_a::plan;
use crate::world::{Api, Reply, World, cube};

async fn upload(world: &World, name: &str, bytes: Vec<u8>) -> Reply {
    let request = world.buyer().request(Method::POST, "/v1/models");
    let unit = if name.ends_with(".3mf") { Vec::new() } else { vec![("unit", "mm")] };
    let request = request.query(&[("name", name)]).query(&unit).header("prefer", "wait=30");
    Api::send(request.body(bytes)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_model_is_told_and_not_ordered() {
    let world = World::new().await;
    let hostile: [(&str, Vec<u8>); 5] = [
        ("text.stl", b"solid nothing\nendsolid nothing\n".to_vec()),
        ("long.stl", [vec![0; 80], u32::MAX.to_le_bytes().to_vec(), vec![0; 50]].concat()),
        ("nan.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".to_vec()),
        ("zip.3mf", b"PK\x03\x04 not a zip at all".to_vec()),
        ("open.obj", b"v 0 0 0\nv 9 0 0\nv 0 9 0\nf 1 2 3\n".to_vec()),
    ];
    for (name, bytes) in hostile {
        let told = upload(&world, name, bytes).await;
        assert_eq!(told.status, StatusCode::CREATED, "{name}: {}", told.body);
        let version = &told.body["versions"][0];
        let state = version["check"].as_str().unwrap();
        assert!(["fail", "needs_review"].contains(&state), "{name}: {version}");
        let order = world.order(&told.text("id"), 1);
        let refused = world.buyer().post("/v1/orders", &order).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(refused.body["faults"][0]["code"], "E9330", "{name}: {}", refused.body);
    }
    let empty = upload(&world, "empty.stl", Vec::new()).await;
    assert_eq!(empty.body["faults"][0]["code"], "E9331", "{}", empty.body);
    let kind = upload(&world, "part.step", vec![1]).await;
    assert_eq!(kind.body["faults"][0]["code"], "E1019", "{}", kind.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_what_its_digest_says() {
    let world = World::new().await;
    let request = world.buyer().request(Method::POST, "/v1/models?name=a.3mf");
    let request =
        request.header("content-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
    let refused = Api::send(request.body(vec![1, 2, 3])).await;
    assert_eq!((refused.status.as_u16(), refused.text("code")), (400, "E9327".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_releases_what_needs_review() {
    let world = World::new().await;
    // A cube without one of its triangles: the hole is filled, and it is large.
    let (_, mut bytes) = cube();
    bytes.truncate(bytes.len() - 50);
    bytes[80] -= 1;
    let told = upload(&world, "open-cube.stl", bytes).await.ok();
    assert_eq!(told.body["versions"][0]["check"], "needs_review", "{}", told.body);
    let model = told.text("id");
    let order = world.order(&model, 1);
    assert_eq!(world.buyer().post("/v1/orders", &order).await.status.as_u16(), 422);
    let path = format!("/v1/models/{model}/release");
    let release = json!({ "version": 1, "reason": "the face is as it was meant" });
    assert_eq!(world.buyer().post(&path, &release).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.operator().post(&path, &release).await.ok().text("check"), "released");
    assert_eq!(world.operator().post(&path, &release).await.status, StatusCode::CONFLICT);
    let order = world.buyer().post("/v1/orders", &order).await.ok().text("id");
    plan(&world).await;
    let units = world.buyer().get(&format!("/v1/orders/{order}/parts")).await.ok();
    assert_eq!(units.body[0]["state"], "allotted", "{}", units.body);
}
