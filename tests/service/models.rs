//! Models as they come.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::world::{Api, Reply, World};

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
    // A sheet: not a solid, so that a person must look at it.
    let sheet = b"v 0 0 0\nv 9 0 0\nv 0 9 0\nf 1 2 3\n".to_vec();
    let told = upload(&world, "sheet.obj", sheet).await.ok();
    let path = format!("/v1/models/{}/release", told.text("id"));
    let release = json!({ "version": 1, "reason": "a sheet by intent" });
    assert_eq!(world.buyer().post(&path, &release).await.status, StatusCode::FORBIDDEN);
    let released = world.operator().post(&path, &release).await;
    if told.body["versions"][0]["check"] == "needs_review" {
        assert_eq!(released.ok().text("check"), "released");
    } else {
        assert_eq!(released.status, StatusCode::CONFLICT);
    }
}
