//! Use case 1 of Annex A of ISO/IEC 23510, from upload to delivery, over HTTP.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Api, Reply, World};

/// Plans what waits, and publishes the plan; its id and its builds.
pub(crate) async fn plan(world: &World) -> (String, Vec<Value>) {
    let operator = world.operator();
    let request = operator.once("/v1/plans").header("prefer", "wait=60");
    let made = Api::send(request.json(&json!({ "iterations": 20, "seed": 1 }))).await.ok();
    assert_eq!(made.status, StatusCode::ACCEPTED);
    let id = made.text("id");
    let proposed = operator.get(&format!("/v1/plans/{id}")).await.ok();
    let job = operator.get(&format!("/v1/jobs/{}", made.text("job"))).await.ok();
    assert_eq!(proposed.text("state"), "proposed", "{}", job.body);
    let publish = operator.once(&format!("/v1/plans/{id}/publish"));
    let published = Api::send(publish.header("if-match", &proposed.etag)).await.ok();
    assert_eq!(published.text("state"), "published");
    let builds = operator.get(&format!("/v1/plans/{id}/builds")).await.ok();
    (id, builds.body.as_array().unwrap().clone())
}

/// The centre takes its builds, and prints them.
pub(crate) async fn print(world: &World, builds: &[Value]) {
    for build in builds.iter().filter(|build| build["state"] == "published") {
        let centre = world.centre(build["centre"].as_str().unwrap());
        let inbox = centre.get("/v1/centre/dispatches?state=sent").await.ok();
        let sent = inbox.body["items"].as_array().unwrap().clone();
        let dispatch = sent.iter().find(|d| d["build"] == build["id"]).expect("it was sent");
        let path = format!("/v1/dispatches/{}", dispatch["id"].as_str().unwrap());
        assert_eq!(centre.act(&format!("{path}/confirm")).await.ok().text("state"), "confirmed");
        for state in ["started", "printed"] {
            let told = json!({ "state": state });
            let reply = centre.post(&format!("{path}/progress"), &told).await.ok();
            assert_eq!(reply.text("state"), state);
        }
    }
}

async fn units(world: &World, order: &str) -> Vec<Value> {
    let parts = world.buyer().get(&format!("/v1/orders/{order}/parts")).await.ok();
    parts.body.as_array().unwrap().clone()
}

/// The centre of a unit ships it, and it arrives.
pub(crate) async fn deliver(world: &World, builds: &[Value], unit: &Value) {
    let build = builds.iter().find(|build| build["id"] == unit["build"]).expect("it is in a build");
    let centre = world.centre(build["centre"].as_str().unwrap());
    let parcel = json!({ "units": [unit["id"]], "carrier": "post", "tracking": "1Z" });
    let shipment = centre.post("/v1/shipments", &parcel).await.ok().text("id");
    centre.act(&format!("/v1/shipments/{shipment}/delivered")).await.ok();
}

async fn inspect(world: &World, builds: &[Value], unit: &Value, passed: bool) -> Reply {
    let build = builds.iter().find(|build| build["id"] == unit["build"]).expect("it is in a build");
    let centre = world.centre(build["centre"].as_str().unwrap());
    let found = json!({
        "unit": unit["id"],
        "passed": passed,
        "characteristics": [{ "name": "dimension", "method": "calliper", "result": "20.02 mm",
            "standard_id": "ISO/ASTM 52927" }]
    });
    centre.post("/v1/inspections", &found).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_upload_to_delivery_with_a_remake_on_the_way() {
    let world = World::new().await;
    let buyer = world.buyer();

    // Steps 1 and 2: a model, its check, a price.
    let model = world.model().await;
    let asked = world.order(&model, 3);
    let quote = buyer.post("/v1/quotes", &asked).await.ok();
    assert!(quote.body["price"]["total"].as_i64().unwrap() > 0);
    assert!(!quote.body["promises"].as_array().unwrap().is_empty());
    let confirm = format!("/v1/quotes/{}/confirm", quote.text("id"));
    let order = buyer.act(&confirm).await.ok();
    let order = order.text("id");
    assert_eq!(buyer.act(&confirm).await.status, StatusCode::CONFLICT);
    assert_eq!(units(&world, &order).await.len(), 3);

    // Steps 3 to 5: planned, dispatched, printed.
    let (first, builds) = plan(&world).await;
    print(&world, &builds).await;
    let printed = units(&world, &order).await;
    assert!(printed.iter().all(|unit| unit["state"] == "printed"), "{printed:?}");

    // Step 6: one does not pass, and is made again.
    let remade = inspect(&world, &builds, &printed[0], false).await.text("remade_as");
    for unit in &printed[1..] {
        inspect(&world, &builds, unit, true).await;
    }
    let (second, again) = plan(&world).await;
    assert_ne!(first, second);
    print(&world, &again).await;
    let all = units(&world, &order).await;
    assert_eq!(all.len(), 4);
    let unit = all.iter().find(|unit| unit["id"] == remade.as_str()).unwrap();
    assert_eq!(unit["replaces"], printed[0]["id"]);
    inspect(&world, &again, unit, true).await;

    // Delivery.
    let good: Vec<&Value> = all.iter().filter(|unit| unit["state"] != "scrapped").collect();
    for unit in &good {
        let all: Vec<Value> = builds.iter().chain(&again).cloned().collect();
        deliver(&world, &all, unit).await;
    }

    // The order can be restored, out of the ledger and out of the packages.
    let restored = buyer.get(&format!("/v1/orders/{order}/restored")).await.ok();
    let line = &restored.body["lines"][0];
    assert_eq!((&line["confirmed"], line["copies"].as_array().unwrap().len()), (&json!(3), 3));
    assert_eq!(line["copies"][0]["units"], json!([printed[0]["id"], remade]));
    assert!(line["copies"].as_array().unwrap().iter().all(|copy| copy["state"] == "delivered"));
    let path = format!("/v1/plans/{first}/restore");
    let packed = world.operator().act(&path).await.ok();
    assert_eq!(packed.body["faults"], json!([]), "{}", packed.body);
}
