//! The crate in one page: from what may be written to what runs, and what bodies are given.

use kratos::{
    Chain, ChainKey, Clients, ConfigRule, CtxOptions, Flow, Handling, Hook, HookKind, HookName,
    Link, Method, MethodSettings, NoteKind, Phase, Point, Presence, Release, Response, Section,
    Shape, Slot, Timing, UnknownRelease, WebHookField, ctx, ctx_of_points, effective_chains,
    methods_of, methods_run,
};

#[test]
fn tour() {
    // A version number stands for the newest known release that is not newer.
    let found = Release::parse("1.3.0").unwrap();
    assert_eq!((found.release, found.exact), (Release::V1_2_0, false));
    let unknown = Release::parse("v99.1.0").unwrap_err();
    assert_eq!(unknown, UnknownRelease::TooNew("v99.1.0".to_owned()));
    let release = Release::NEWEST;

    // A slot is one list of hooks of the configuration.
    let password = Slot::parse("registration.after.password").unwrap();
    assert_eq!(password, Slot::after(Flow::Registration, Method::Password));
    assert_eq!(
        password.config_path().join("/"),
        "selfservice/flows/registration/after/password/hooks"
    );

    // Releases differ in slots, in the kinds a slot accepts, and in the fields of a web hook.
    let passkey = Slot::after(Flow::Login, Method::Passkey);
    assert!(!passkey.exists(Release::V1_1_0));
    assert_eq!(passkey.first_release(), Some(Release::V1_2_0));
    assert_eq!(
        Slot::after(Flow::Settings, Method::Profile).kinds(Release::V1_3_1),
        [(HookKind::WebHook, ConfigRule::Required)]
    );
    assert_eq!(
        password.config_rule(HookKind::VerifyNewAddress, release),
        None
    );
    assert_eq!(WebHookField::Id.since(), Release::V25_4_0);

    // What a slot accepts may still do nothing there.
    assert!(!HookKind::Session.implements(Flow::Registration, Phase::PrePersist));

    // Only methods that are switched on can run.
    let settings = MethodSettings {
        oidc: true,
        ..MethodSettings::defaults(release)
    };
    let on = methods_run(Flow::Registration, release, &settings);
    assert_eq!(on, [Method::Password, Method::Oidc]);
    assert_eq!(
        methods_of(Flow::Registration, Timing::After, release).len(),
        5
    );

    // A section is what a configuration says: here a global list, and a method list that shadows
    // it. A parsed web hook acts before the identity is stored, the others after.
    let parsed = Response {
        parse: true,
        ..Response::default()
    };
    assert_eq!(parsed.handling(), Handling::Parse);
    let mut section = Section {
        verification_enabled: true,
        ..Section::default()
    };
    section.slots.insert(
        Slot::global(Flow::Registration, Timing::After),
        vec![Hook::new(HookKind::WebHook)],
    );
    section.slots.insert(
        password,
        vec![
            Hook::new(HookKind::Session),
            Hook::new(HookKind::WebHook).with_response(parsed),
            Hook::new(HookKind::WebHook),
        ],
    );

    // Its effective chains are what it means.
    assert_eq!(
        plan(&effective_chains(release, &section), &section),
        "registration.after.password pre-persist: web_hook[1]
registration.after.password post-persist: implicit_verifier web_hook[2] session[0]
registration.after.oidc post-persist: implicit_verifier web_hook[0]
registration.after.code post-persist: implicit_verifier web_hook[0]
registration.after.webauthn post-persist: implicit_verifier web_hook[0]
registration.after.passkey post-persist: implicit_verifier web_hook[0]
registration.after.other post-persist: implicit_verifier web_hook[0]
settings.after.password post-persist: implicit_verifier
settings.after.oidc post-persist: implicit_verifier
settings.after.webauthn post-persist: implicit_verifier
settings.after.passkey post-persist: implicit_verifier
settings.after.totp post-persist: implicit_verifier
settings.after.lookup_secret post-persist: implicit_verifier
settings.after.profile post-persist: implicit_verifier
settings.after.other post-persist: implicit_verifier
"
    );

    // The same text means something else in an older release.
    assert_eq!(
        plan(&effective_chains(Release::V1_0_0, &section), &section)
            .lines()
            .nth(1),
        Some(
            "registration.after.password post-persist: implicit_verifier session[0] \
             web_hook[2](browser-forms)"
        )
    );
}

/// From a point to what the body of a web hook is given there.
#[test]
fn tour_of_ctx() {
    let options = CtxOptions::default();
    let password = Point {
        flow: Flow::Registration,
        timing: Timing::After,
        key: ChainKey::Method(Method::Password),
        phase: Phase::PrePersist,
    };
    let shape = ctx(password, Release::NEWEST, &options);
    let Shape::Object(root) = &shape else {
        panic!("{shape:?}");
    };

    // Members are always there, or not always, or never, with the reason.
    let present: Vec<&str> = root
        .members
        .iter()
        .filter(|it| it.presence == Presence::Always)
        .map(|it| it.name.as_ref())
        .collect();
    assert_eq!(
        present.join(" "),
        "flow request_headers request_method request_url request_cookies identity"
    );
    let Some(Presence::Never(absence)) = root.member("transient_payload").map(|it| it.presence)
    else {
        panic!("documentation shows it here, where it never is");
    };
    assert_eq!(absence.instead, Some("ctx.flow.transient_payload"));

    // What is there may be of no use: before the identity is stored it has no id.
    let identity = &root.member("identity").unwrap().shape;
    let Shape::Object(identity) = identity else {
        panic!("{identity:?}");
    };
    let id = identity.member("id").unwrap();
    assert_eq!(id.notes.first().map(|it| it.kind), Some(NoteKind::Useless));

    // What the identity schema says is left to the caller.
    assert_eq!(identity.member("traits").unwrap().shape, Shape::Traits);

    // A hook of a global list runs at several points, and is given any of their shapes.
    let lookup_secret = Point {
        flow: Flow::Login,
        timing: Timing::After,
        key: ChainKey::Method(Method::LookupSecret),
        phase: Phase::After,
    };
    let totp = Point {
        key: ChainKey::Method(Method::Totp),
        ..lookup_secret
    };
    let union = ctx_of_points([lookup_secret, totp], Release::NEWEST, &options);
    let Shape::Object(root) = union else {
        panic!("{union:?}");
    };
    let flows = root.member("flow").unwrap().shape.alternatives();
    assert_eq!(flows.len(), 2, "one of them has no transient_payload");
}

/// The chains that are not empty, one on each line.
fn plan(chains: &[Chain], section: &Section) -> String {
    let mut plan = String::new();
    for chain in chains.iter().filter(|chain| !chain.links.is_empty()) {
        let Point {
            flow,
            timing,
            key,
            phase,
        } = chain.point;
        let key = key.auth_method().unwrap_or("-");
        plan.push_str(&format!("{flow}.{timing}.{key} {phase}:"));
        for link in &chain.links {
            plan.push_str(&match *link {
                Link::ImplicitVerifier => " implicit_verifier".to_owned(),
                Link::Hook {
                    slot,
                    index,
                    clients,
                } => {
                    let name = section.hooks(slot).get(index).map(|it| &it.name);
                    let name = name.map_or("?", HookName::as_str);
                    match clients {
                        Clients::All => format!(" {name}[{index}]"),
                        Clients::BrowserForms => format!(" {name}[{index}]({clients})"),
                    }
                }
            });
        }
        plan.push('\n');
    }
    plan
}

#[test]
fn every_chain_is_there_in_a_fixed_order() {
    let counts = |release| {
        let chains = effective_chains(release, &Section::default());
        assert!(chains.is_sorted_by_key(|it| it.point));
        assert!(chains.iter().all(|it| it.links.is_empty()));
        let points: Vec<Point> = chains.iter().map(|it| it.point).collect();
        assert_eq!(points, Point::all(release));
        points.len()
    };
    // Five before, one each for recovery and verification; for each method list of a flow and for
    // what has none one of login, two of registration and of settings.
    assert_eq!(
        counts(Release::V0_13_0),
        7 + (3 + 1) + 2 * (3 + 1) + 2 * (2 + 1)
    );
    assert_eq!(
        counts(Release::V1_1_0),
        7 + (6 + 1) + 2 * (4 + 1) + 2 * (6 + 1)
    );
    assert_eq!(
        counts(Release::V1_2_0),
        7 + (7 + 1) + 2 * (5 + 1) + 2 * (7 + 1)
    );
}
