//! Orders in bulk.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Api, Reply, World};

async fn import(world: &World, rows: &str) -> Reply {
    let request = world.buyer().once("/v1/orders/import");
    Api::send(request.header("content-type", "application/x-ndjson").body(rows.to_owned())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_become_orders_and_bad_ones_take_nothing_along() {
    let world = World::new().await;
    let model = world.model().await;
    let good = world.order(&model, 3);
    let mut lost = good.clone();
    lost["lines"][0]["material"] = json!("unobtainium");
    let rows = format!("{good}\n{lost}\n\n{{\"region\": 1}}\r\n{good}");
    let told = import(&world, &rows).await.ok();
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.body["accepted"], 2, "{}", told.body);
    assert_eq!(told.body["refused_more"], 0);
    let refused: Vec<(i64, &str)> = told.body["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["row"].as_i64().unwrap(), r["problem"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(refused, [(2, "E9321"), (3, "E9310")]);
    let place = &told.body["refused"][0]["problem"]["faults"][0]["place"];
    assert_eq!(place, "order.lines[0].material");
    let orders = told.body["orders"].as_array().unwrap();
    assert_eq!((orders.len(), &orders[1], &orders[2]), (4, &Value::Null, &Value::Null));
    // They are the same as orders that are placed one by one.
    let alone = world.buyer().post("/v1/orders", &good).await.ok().text("id");
    let (one, other) = (&told.body["orders"][3], json!(alone));
    let [one, other] = [one, &other].map(|id| id.as_str().unwrap().to_owned());
    let read = async |what: &str, id: &str| {
        world.buyer().get(&format!("/v1/orders/{id}{what}")).await.ok().body
    };
    let (bulk, single) = (read("", &one).await, read("", &other).await);
    assert_eq!((&bulk["request"], &bulk["price"]), (&single["request"], &single["price"]));
    assert_eq!(read("/parts", &one).await.as_array().unwrap().len(), 3);
    let (bulk, single) = (read("/events", &one).await, read("/events", &other).await);
    assert_eq!(bulk["items"][0]["body"], single["items"][0]["body"]);
    assert_eq!(read("/restored", &one).await["lines"][0]["confirmed"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_sent_again_is_done_once() {
    let world = World::new().await;
    let order = world.order(&world.model().await, 1);
    let send = |body: String| {
        let request = world.buyer().request(reqwest::Method::POST, "/v1/orders/import");
        let request = request.header("idempotency-key", "night");
        Api::send(request.header("content-type", "application/x-ndjson").body(body))
    };
    let first = send(format!("{order}\n")).await.ok();
    assert_eq!(send(format!("{order}\n")).await.ok().body, first.body);
    let other = send(format!("{order}\n{order}\n")).await;
    assert_eq!((other.status.as_u16(), other.text("code")), (422, "E9318".into()));
    let all = world.buyer().get("/v1/orders").await.ok();
    assert_eq!(all.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_nothing_or_of_something_else_is_told() {
    let world = World::new().await;
    let none = import(&world, "\n\n").await.ok();
    assert_eq!((&none.body["accepted"], &none.body["orders"]), (&json!(0), &json!([])));
    let json = world.buyer().post("/v1/orders/import", &json!({})).await;
    assert_eq!((json.status.as_u16(), json.text("code")), (415, "E9320".into()));
    let centre = world.night.centres.centres[0].id.clone();
    let centre = world.centre(&centre).post("/v1/orders/import", &json!({})).await;
    assert_eq!(centre.status, StatusCode::FORBIDDEN);
    let bad = "{}\n".repeat(1_200);
    let bad = import(&world, &bad).await.ok();
    assert_eq!(bad.body["refused"].as_array().unwrap().len(), 1_000);
    assert_eq!(bad.body["refused_more"], 200);
}
