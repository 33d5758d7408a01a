//! No request ever reaches an address of ours.

use super::*;

on_both_engines! {
    async fn nothing_but_public_addresses_is_accepted(app: App) {
        let owner = app.owner().await;
        for (url, code) in [
            ("https://127.0.0.1/", "not_public"), ("https://2130706433/", "not_public"), ("https://0x7f000001/", "not_public"),
            ("https://0177.0.0.1/", "not_public"), ("https://127.1/", "not_public"), ("https://[::1]/", "not_public"),
            ("https://[::ffff:127.0.0.1]/", "not_public"), ("https://[::ffff:7f00:1]/", "not_public"), ("https://169.254.169.254/latest/meta-data/", "not_public"),
            ("https://[fe80::1]/", "not_public"), ("https://[fd00:ec2::254]/", "not_public"), ("https://10.1.2.3/", "not_public"),
            ("https://[64:ff9b::7f00:1]/", "not_public"), ("https://[2002:7f00:1::]/", "not_public"), ("https://0.0.0.0/", "not_public"),
            ("https://localhost/", "not_public"), ("https://100.100.100.200/", "not_public"), ("https://127.0.0.1\u{3002}nip.example/", "pattern"),
            ("http://8.8.8.8/", "https"), ("ftp://8.8.8.8/", "https"), ("file:///etc/passwd", "url"), ("https://user:secret@8.8.8.8/", "url"),
            ("https://8.8.8.8/#x", "url"), ("not a url", "pattern"), ("notaurl:", "url"),
        ] {
            let problem = owner.post("/v1/webhook-endpoints").json(json!({"url": url})).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&problem), [format!("#/url {code}")], "{url}");
            assert!(!problem.to_string().contains("127.0.0.1") && !problem.to_string().contains("secret"), "{problem}");
        }
        let made = owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
        let moved = owner.patch(place(&made)).if_match("*").merge(json!({"url": "https://127.0.0.1/"})).send().await;
        assert_eq!(findings(&moved.refused(422, "validation_failed")), ["#/url not_public"]);
        assert_eq!(owner.get(place(&made)).send().await.expect(200)["url"], "https://8.8.8.8/hook");
        for _ in 0..9 {
            owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
        }
        owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.refused(409, "conflict");
        let bad = json!({"url": "https://8.8.8.8/", "record_types": ["Bad type"], "more": 1});
        let problem = owner.post("/v1/webhook-endpoints").json(bad).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem).len(), 2, "{problem}");
    }
}

/// Names that lead inside, redirects that lead inside, receivers that do not let go: none needs a database.
#[test]
fn no_request_reaches_a_network_of_ours() {
    actix_web::rt::System::new().block_on(async {
        let inside = Receiver::start("127.0.0.1").await;
        let port = inside.url.parse::<reqwest::Url>().unwrap().port().unwrap();
        let (public, loopback): (IpAddr, IpAddr) = ("8.8.8.8".parse().unwrap(), "127.0.0.1".parse().unwrap());
        // Public when it is checked, loopback when it is connected to.
        let rebinding = Outbound::new(Vec::new(), Box::new(Rebinding(AtomicUsize::new(0), [public, loopback])));
        let answered = rebinding.post(&format!("https://rebinding.example:{port}/"), &[], "{}".into()).await;
        assert_eq!(
            (answered.status, answered.error.as_deref()),
            (None, Some("the host is not on the public internet"))
        );
        // One address inside spoils the name; so does an address inside an address.
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1"] {
            let both = Outbound::new(Vec::new(), Box::new(Fixed(vec![public, address.parse().unwrap()])));
            assert!(both.check("https://both.example/").await.is_err(), "{address}");
            let answered = both.post(&format!("https://both.example:{port}/"), &[], "{}".into()).await;
            assert_eq!(answered.status, None);
        }
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);

        let outside = Receiver::start("127.0.0.2").await;
        let networks = vec!["127.0.0.2/32".parse().unwrap()];
        let client = Outbound::new(networks, Box::new(Fixed(vec!["127.0.0.2".parse().unwrap()])));
        let inside_address: SocketAddr = SocketAddr::new(loopback, port);
        outside.set(Mood::RedirectTo(format!("http://{inside_address}/")));
        assert_eq!(client.post(&outside.url, &[], "{}".into()).await.status, Some(307), "not followed");
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);
        // A test network is no licence for the rest.
        assert_eq!(client.post(&inside.url, &[], "{}".into()).await.status, None);
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);

        outside.set(Mood::Endless);
        let begun = Instant::now();
        let answered = client.post(&outside.url, &[], "{}".into()).await;
        assert_eq!(answered.status, Some(200));
        assert!(answered.body.len() <= 1024 && begun.elapsed().as_secs() < 5);
        outside.set(Mood::Silent);
        let begun = Instant::now();
        let answered = client.post(&outside.url, &[], "{}".into()).await;
        assert_eq!(answered.status, None);
        assert!((8..15).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    });
}
