//! What stays: over a restart, and beside a long job.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_opens_again_with_all_it_had() {
    let world = World::new().await;
    let model = world.model().await;
    let order = world.buyer().post("/v1/orders", &world.order(&model, 3)).await.ok().text("id");
    let parts = format!("/v1/orders/{order}/parts");
    let before = world.buyer().get(&parts).await.ok().body;
    let again = world.again().await;
    assert_eq!(again.buyer().get(&parts).await.ok().body, before);
    let asked = again.order(&model, 1);
    again.buyer().post("/v1/orders", &asked).await.ok();
    // A copy made while it runs is a service, too.
    let copy = tempfile::TempDir::new().unwrap();
    let to = copy.path().join("copy");
    platewright_server::back_up(again.data(), &to).await.unwrap();
    let copied = again.of(&to).await;
    assert_eq!(copied.buyer().get(&parts).await.ok().body, before);
    let listed = copied.buyer().get("/v1/orders").await.ok();
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_does_not_wait_for_a_plan() {
    let world = World::new().await;
    let model = world.model().await;
    world.buyer().post("/v1/orders", &world.order(&model, 2)).await.ok();
    let plan = json!({ "budget_s": 600 });
    let plan = world.operator().post("/v1/plans", &plan).await.ok();
    let job = format!("/v1/jobs/{}", plan.text("job"));
    let begun = Instant::now();
    while world.operator().get(&job).await.ok().text("state") == "queued" {
        assert!(begun.elapsed() < Duration::from_secs(60), "the plan does not begin");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Uploaded and checked, whether the plan runs or not.
    world.model().await;
    let cancelled = world.operator().cancel(&job).await;
    assert!(["running", "cancelled", "done"].contains(&cancelled.text("state").as_str()));
    let ended = world.operator().wait(&job).await;
    assert!(["cancelled", "done"].contains(&ended.text("state").as_str()), "{}", ended.body);
    // What it has found so far is a plan.
    let found = world.operator().get(&format!("/v1/plans/{}", plan.text("id"))).await.ok();
    assert_eq!(found.text("state"), "proposed");
}
