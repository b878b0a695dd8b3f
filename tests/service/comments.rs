//! People who talk about orders: customers, designers, centres, operators.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::annex_a::plan;
use crate::world::{Api, World};

#[tokio::test(flavor = "multi_thread")]
async fn people_talk_about_an_order() {
    let world = World::new().await;
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, 1)).await.ok().text("id");
    let path = format!("/v1/orders/{order}");
    let thread = format!("{path}/comments");
    let said = json!({ "text": "Is the wall thick enough?", "line": 0 });
    assert_eq!(world.buyer().post(&thread, &said).await.status, StatusCode::CREATED);
    let answer = json!({ "text": "It is." });
    world.operator().post(&thread, &answer).await.ok();
    // Who has no part in the order learns nothing of it.
    let centre = &world.night.centres.centres[0].id;
    for api in [world.by("designer"), world.centre(centre)] {
        assert_eq!(api.get(&thread).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api.post(&thread, &answer).await.status, StatusCode::NOT_FOUND);
    }
    // The centre that prints it has a part in it.
    let (_, builds) = plan(&world).await;
    let unit = world.buyer().get(&format!("{path}/parts")).await.ok().body[0].clone();
    let build = builds.iter().find(|build| build["id"] == unit["build"]).unwrap();
    let printing = world.centre(build["centre"].as_str().unwrap());
    printing.post(&thread, &json!({ "text": "We begin tonight." })).await.ok();
    let told = world.buyer().get(&thread).await.ok();
    let roles: Vec<&str> = told.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["buyer", "operator", "centre"]);
    let seen = printing.get(&path).await.ok();
    assert_eq!(seen.body.get("price"), None, "{}", seen.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_says_something_about_what_is_there() {
    let world = World::new().await;
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, 1)).await.ok().text("id");
    let thread = format!("/v1/orders/{order}/comments");
    let empty = world.buyer().post(&thread, &json!({ "text": " " })).await;
    assert_eq!(empty.body["faults"][0]["code"], "E1012", "{}", empty.body);
    let line = world.buyer().post(&thread, &json!({ "text": "?", "line": 9 })).await;
    assert_eq!((line.status, line.text("code")), (StatusCode::NOT_FOUND, "E9313".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_designer_revises_the_model_of_a_line() {
    let world = World::new().await;
    let (buyer, designer) = (world.buyer(), world.by("designer"));
    let model = world.model().await;
    let order = buyer.post("/v1/orders", &world.order(&model, 1)).await.ok().text("id");
    let path = format!("/v1/orders/{order}");
    let commission = format!("{path}/lines/0/commission");
    let nobody = json!({ "designer": "demo-customer", "brief": "Round the edges." });
    assert_eq!(buyer.post(&commission, &nobody).await.body["faults"][0]["code"], "E1013");
    let wanted = json!({ "designer": "demo-designer", "brief": "Round the edges." });
    assert_eq!(designer.post(&commission, &wanted).await.status, StatusCode::FORBIDDEN);
    assert_eq!(designer.get(&path).await.status, StatusCode::NOT_FOUND);
    let asked = buyer.post(&commission, &wanted).await.ok();
    assert_eq!((asked.status, asked.text("kind")), (StatusCode::CREATED, "commission".into()));
    designer.get(&path).await.ok();
    let thread = designer.get(&format!("{path}/comments")).await.ok();
    assert_eq!(thread.body["items"][0]["text"], "Round the edges.");
    // A new version of that model, and nothing else.
    let request = designer.request(Method::POST, &format!("/v1/models/{model}/versions"));
    let request = request.query(&[("name", "round.obj"), ("unit", "mm")]);
    let solid = b"v 0 0 0\nv 9 0 0\nv 0 9 0\nv 0 0 9\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n";
    let request = request.header("prefer", "wait=30").body(solid.to_vec());
    let revised = Api::send(request).await.ok();
    assert_eq!(revised.body["versions"][1]["origin"], "designer", "{}", revised.body);
    assert_eq!(revised.body["versions"][1]["check"], "pass", "{}", revised.body);
    let cancel = designer.act(&format!("{path}/cancel")).await;
    assert_eq!(cancel.status, StatusCode::FORBIDDEN);
    let other = world.model().await;
    let other = designer.get(&format!("/v1/models/{other}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}
