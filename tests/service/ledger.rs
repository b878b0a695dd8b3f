//! What becomes of units and builds.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::annex_a::{deliver, plan, print};
use crate::world::{Api, World};

/// A plan in force with one order of some copies; its builds and the order.
async fn planned(world: &World, copies: u32) -> (Vec<Value>, String) {
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, copies)).await.ok();
    (plan(world).await.1, order.text("id"))
}

async fn units(world: &World, order: &str) -> Vec<Value> {
    let parts = world.buyer().get(&format!("/v1/orders/{order}/parts")).await.ok();
    parts.body.as_array().unwrap().clone()
}

async fn dispatch(world: &World, build: &Value) -> String {
    let centre = world.centre(build["centre"].as_str().unwrap());
    let inbox = centre.get("/v1/centre/dispatches").await.ok();
    let sent = inbox.body["items"].as_array().unwrap().clone();
    let found = sent.iter().find(|d| d["build"] == build["id"]).expect("it was sent");
    format!("/v1/dispatches/{}", found["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_is_started_only_after_it_is_confirmed() {
    let world = World::new().await;
    let (builds, _) = planned(&world, 2).await;
    let centre = world.centre(builds[0]["centre"].as_str().unwrap());
    let path = dispatch(&world, &builds[0]).await;
    let started = json!({ "state": "started" });
    let early = centre.post(&format!("{path}/progress"), &started).await;
    assert_eq!((early.status, early.text("code")), (StatusCode::CONFLICT, "E9314".into()));
    centre.act(&format!("{path}/confirm")).await.ok();
    assert_eq!(centre.act(&format!("{path}/confirm")).await.status, StatusCode::CONFLICT);
    centre.post(&format!("{path}/progress"), &started).await.ok();
    let late = centre.post(&format!("{path}/reject"), &json!({ "reason": "too late" })).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_build_gives_its_units_back() {
    let world = World::new().await;
    let (builds, order) = planned(&world, 2).await;
    let centre = world.centre(builds[0]["centre"].as_str().unwrap());
    let path = dispatch(&world, &builds[0]).await;
    let reason = json!({ "reason": "the machine is down" });
    let told = centre.post(&format!("{path}/reject"), &reason).await.ok();
    assert_eq!(
        (told.text("state"), told.text("note")),
        ("rejected".into(), "the machine is down".into())
    );
    let back = units(&world, &order).await;
    assert!(back.iter().all(|unit| unit["state"] == "waiting" && unit["build"].is_null()));
    // They find a place in the next plan, in a build of another name.
    let (_, again) = plan(&world).await;
    assert!(again.iter().all(|build| build["name"] != builds[0]["name"]), "{again:?}");
    assert!(units(&world, &order).await.iter().all(|unit| unit["state"] == "allotted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_out_of_date_is_not_published() {
    let world = World::new().await;
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, 2)).await.ok().text("id");
    let operator = world.operator();
    let request = operator.once("/v1/plans").header("prefer", "wait=60");
    let one = Api::send(request.json(&json!({ "iterations": 5 }))).await.ok().text("id");
    let publish = async |plan: &str| {
        let etag = operator.get(&format!("/v1/plans/{plan}")).await.ok().etag;
        let request = operator.once(&format!("/v1/plans/{plan}/publish"));
        Api::send(request.header("if-match", etag)).await
    };
    // A unit that is not wanted any more makes the whole plan void, and nothing is moved.
    world.buyer().act(&format!("/v1/orders/{order}/cancel")).await.ok();
    let void = publish(&one).await;
    assert_eq!((void.status, void.text("code")), (StatusCode::CONFLICT, "E9314".into()));
    assert!(units(&world, &order).await.iter().all(|unit| unit["state"] == "cancelled"));
    let plans = operator.get("/v1/plans").await.ok();
    assert!(plans.body["items"].as_array().unwrap().iter().all(|p| p["state"] == "proposed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivered_unit_comes_back_and_the_customer_says_why() {
    let world = World::new().await;
    let (builds, order) = planned(&world, 1).await;
    print(&world, &builds).await;
    let unit = units(&world, &order).await.remove(0);
    deliver(&world, &builds, &unit).await;
    let path = format!("/v1/parts/{}/events", unit["id"].as_str().unwrap());
    let back = json!({ "event": "returned", "reason": "too brittle" });
    let told = world.buyer().post(&path, &back).await.ok();
    assert_eq!(told.body[0]["state"], "returned");
    let feedback = json!({ "rating": 2, "text": "broke at once" });
    let said = world.buyer().post(&format!("/v1/orders/{order}/feedback"), &feedback).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT);
    let scrap = json!({ "event": "scrapped", "reason": "brittle" });
    let remade = world.operator().post(&path, &scrap).await.ok();
    assert_eq!(remade.body.as_array().unwrap().len(), 2);
    let history = world.buyer().get(&path).await.ok();
    let kinds: Vec<&str> = history.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    let way = ["allotted", "started", "printed", "shipped", "delivered", "returned", "scrapped"];
    assert_eq!(kinds, way.map(|step| format!("unit.{step}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_layer_can_be_seen() {
    let world = World::new().await;
    let (builds, _) = planned(&world, 1).await;
    let build = format!("/v1/builds/{}", builds[0]["id"].as_str().unwrap());
    let layer = world.operator().get(&format!("{build}/layers/3")).await.ok();
    assert!(layer.body.as_str().unwrap().starts_with("<svg"), "{}", layer.body);
    let beyond = world.operator().get(&format!("{build}/layers/999999")).await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
    let placements = world.operator().get(&format!("{build}/placements")).await.ok();
    assert_eq!(placements.body.as_array().unwrap().len(), 1);
    let sorted = world.operator().get(&format!("{build}/parts")).await.ok();
    assert_eq!(sorted.body["look_alike_pairs"], 0);
}
