//! What holds for every resource: problems, keys, ETags, pages.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Api, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_again_is_done_once() {
    let world = World::new().await;
    let buyer = world.buyer();
    let asked = world.order(&world.model().await, 2);
    let send = |body: Value| {
        let request = buyer.request(Method::POST, "/v1/orders").header("idempotency-key", "one");
        Api::send(request.json(&body))
    };
    let (first, again) = (send(asked.clone()).await.ok(), send(asked.clone()).await.ok());
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    let orders = buyer.get("/v1/orders").await.ok();
    assert_eq!(orders.body["items"].as_array().unwrap().len(), 1);
    let mut other = asked;
    other["reference"] = json!("PO-8");
    let reused = send(other).await;
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reused.text("code"), "E9318");
    let none = buyer.request(Method::POST, "/v1/orders").json(&world.order("x", 1));
    assert_eq!(Api::send(none).await.text("code"), "E9317");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_cannot_be_read_is_a_problem_with_its_place() {
    let world = World::new().await;
    let buyer = world.buyer();
    let order = world.order(&world.model().await, 1);
    let cases: [(&str, Value, u16, &str); 6] = [
        ("quantity", json!(-3), 400, "E9310"),
        ("quantity", json!(0), 422, "E9321"),
        ("material", json!("unobtainium"), 422, "E9321"),
        ("model", json!("00000000-0000-7000-8000-000000000000"), 422, "E9321"),
        ("clearance_mm", json!(-1.0), 422, "E9321"),
        ("colr", json!("red"), 400, "E9310"),
    ];
    for (field, value, status, code) in cases {
        let mut asked = order.clone();
        asked["lines"][0][field] = value;
        let reply = buyer.post("/v1/orders", &asked).await;
        assert_eq!((reply.status.as_u16(), reply.text("code").as_str()), (status, code), "{field}");
    }
    let mut past = order.clone();
    past["due_at"] = json!("2001-01-01T00:00:00Z");
    let reply = buyer.post("/v1/orders", &past).await;
    assert_eq!(reply.body["faults"][0]["place"], "order.due", "{}", reply.body);
    let text = buyer.once("/v1/orders").body("{");
    assert_eq!(Api::send(text).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let broken =
        buyer.once("/v1/orders").header("content-type", "application/json").body("{\"a\":");
    assert_eq!(Api::send(broken).await.text("code"), "E9310");
    let list = world.operator().post("/v1/plans", &json!([])).await;
    assert_eq!((list.status.as_u16(), list.text("code")), (400, "E9310".into()));
    let large = buyer.once("/v1/orders").header("content-type", "application/json");
    let large = Api::send(large.body("[".repeat(2 << 20))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    for path in ["/v1/orders?limit=0", "/v1/orders?limit=many", "/v1/orders?cursor=%21"] {
        assert_eq!(buyer.get(path).await.text("code"), "E9310", "{path}");
    }
    assert_eq!(buyer.get("/v1/nothing").await.text("code"), "E9313");
    let method = Api::send(buyer.request(Method::DELETE, "/v1/orders")).await;
    assert_eq!((method.status.as_u16(), method.text("code")), (405, "E9322".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages() {
    let world = World::new().await;
    let buyer = world.buyer();
    let asked = world.order(&world.model().await, 1);
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(buyer.post("/v1/orders", &asked).await.ok().text("id"));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = buyer.get(&format!("/v1/orders?limit=2{cursor}")).await.ok();
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|order| order["id"].as_str().unwrap().to_owned()));
        match page.body["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, placed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_versioned() {
    let world = World::new().await;
    let operator = world.operator();
    let id = &world.night.catalogue.materials[0].id;
    let path = format!("/v1/catalogue/materials/{id}");
    let entry = operator.get(&path).await.ok();
    assert_eq!(entry.etag, "\"1\"");
    let mut body = entry.body["body"].clone();
    body["price_per_kg"] = json!(7);
    let put = |tag: &'static str| {
        let request = operator.request(Method::PUT, &path).header("if-match", tag);
        Api::send(request.json(&body))
    };
    assert_eq!(put("\"1\"").await.ok().etag, "\"2\"");
    let stale = put("\"1\"").await;
    assert_eq!((stale.status.as_u16(), stale.text("code")), (412, "E9315".into()));
    let bare = operator.put(&path, &body).await;
    assert_eq!((bare.status.as_u16(), bare.text("code")), (428, "E9316".into()));
    // What others depend on cannot be taken away.
    let gone = operator.request(Method::DELETE, &path).header("if-match", "\"2\"");
    let gone = Api::send(gone).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", gone.body);
    assert_eq!(operator.get(&path).await.ok().body["body"]["price_per_kg"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_are_of_the_categories_of_52900() {
    let world = World::new().await;
    let found = world.buyer().get("/v1/catalogue/processes").await.ok();
    let known = ["BJT", "DED", "MEX", "MJT", "PBF", "SHL", "VPP"];
    let items = found.body["items"].as_array().unwrap();
    assert!(!items.is_empty());
    for process in items {
        assert!(known.contains(&process["body"]["category"].as_str().unwrap()), "{process}");
    }
    let mut body = items[0]["body"].clone();
    body["category"] = json!("FDM");
    let path = format!("/v1/catalogue/processes/{}", items[0]["id"].as_str().unwrap());
    let put = world.operator().request(Method::PUT, &path).header("if-match", "\"1\"");
    assert_eq!(Api::send(put.json(&body)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_keeps_what_was_asked_for() {
    let world = World::new().await;
    let mut asked = world.order(&world.model().await, 1);
    asked["lines"][0]["colour"] = json!("RAL 5010");
    asked["lines"][0]["source"] = json!("scan");
    let placed = world.buyer().post("/v1/orders", &asked).await.ok();
    let told = world.buyer().get(&format!("/v1/orders/{}", placed.text("id"))).await.ok();
    let line = &told.body["request"]["lines"][0];
    assert_eq!((&line["colour"], &line["source"]), (&json!("RAL 5010"), &json!("scan")));
    assert_eq!(line["requirements"]["tolerances"], "ISO 2768-m");
}
