


SELECT pg_catalog.set_config('search_path', '', false);




CREATE TABLE public.account (
    learner_id bigint NOT NULL,
    mail character varying(254) NOT NULL COLLATE pg_catalog."C",
    password_hash character varying(255),
    role character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL
);



CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);



CREATE TABLE public.answer (
    learner_id bigint NOT NULL,
    client_id uuid NOT NULL,
    lesson character varying(120) NOT NULL,
    attempt integer NOT NULL,
    question character varying(120) NOT NULL,
    question_revision_id bigint NOT NULL,
    given jsonb NOT NULL,
    share double precision,
    out_of double precision NOT NULL,
    given_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    shown jsonb,
    seconds double precision,
    marking smallint DEFAULT '1'::smallint NOT NULL,
    practice boolean DEFAULT false NOT NULL
);



CREATE TABLE public.attempt (
    learner_id bigint NOT NULL,
    lesson character varying(120) NOT NULL,
    number integer NOT NULL,
    started_at timestamp with time zone NOT NULL
);



CREATE TABLE public.decision (
    id bigint NOT NULL,
    publication integer NOT NULL,
    question character varying(120) NOT NULL,
    old character varying(16) NOT NULL,
    new character varying(16) NOT NULL,
    decision character varying(10) NOT NULL,
    reason text NOT NULL,
    closed_at timestamp with time zone
);



CREATE SEQUENCE public.decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.decision_id_seq OWNED BY public.decision.id;



CREATE TABLE public.granted_completion (
    learner_id bigint NOT NULL,
    lesson character varying(120) NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    reason character varying(20) NOT NULL,
    granted_at timestamp with time zone NOT NULL
);



CREATE TABLE public.learner (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    merged_into bigint,
    seed character varying(16) DEFAULT ''::character varying NOT NULL
);



CREATE SEQUENCE public.learner_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.learner_id_seq OWNED BY public.learner.id;



CREATE TABLE public.lesson_figures (
    lesson character varying(120) NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    took double precision NOT NULL,
    revisions jsonb NOT NULL,
    learners integer NOT NULL,
    look_at jsonb NOT NULL,
    figures jsonb NOT NULL
);



CREATE TABLE public.lesson_revision (
    id bigint NOT NULL,
    lesson character varying(120) NOT NULL,
    number integer NOT NULL,
    rule jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL
);



CREATE SEQUENCE public.lesson_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.lesson_revision_id_seq OWNED BY public.lesson_revision.id;



CREATE TABLE public.lesson_visit (
    learner_id bigint NOT NULL,
    lesson character varying(120) NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);



CREATE TABLE public.mail_token (
    id bigint NOT NULL,
    token_hash character varying(64) NOT NULL,
    purpose character varying(20) NOT NULL,
    mail character varying(254) NOT NULL,
    learner_id bigint,
    password_hash character varying(255),
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);



CREATE SEQUENCE public.mail_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.mail_token_id_seq OWNED BY public.mail_token.id;



CREATE TABLE public.mark (
    learner_id bigint NOT NULL,
    client_id uuid NOT NULL,
    decision_id bigint NOT NULL,
    share double precision,
    out_of double precision,
    marked_at timestamp with time zone NOT NULL
);



CREATE TABLE public.outgoing_mail (
    id bigint NOT NULL,
    recipient character varying(254) NOT NULL,
    kind character varying(20) NOT NULL,
    network character varying(64) NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    nonce character varying(64) NOT NULL,
    message_id character varying(255) NOT NULL,
    mail_token_id bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    error character varying(200)
);



CREATE SEQUENCE public.outgoing_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.outgoing_mail_id_seq OWNED BY public.outgoing_mail.id;



CREATE TABLE public.outline (
    number integer NOT NULL,
    lessons jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL
);



CREATE TABLE public.publication (
    number integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by character varying(200) NOT NULL,
    commit character varying(64) NOT NULL,
    report jsonb NOT NULL,
    undone_at timestamp with time zone,
    undone_by character varying(200),
    entries jsonb
);



CREATE TABLE public.question_revision (
    id bigint NOT NULL,
    question character varying(120) NOT NULL,
    revision character varying(16) NOT NULL,
    wording character varying(16) NOT NULL,
    content jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL
);



CREATE SEQUENCE public.question_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.question_revision_id_seq OWNED BY public.question_revision.id;



CREATE TABLE public.rate_limit (
    name character varying(64) NOT NULL,
    count integer NOT NULL,
    ends_at timestamp with time zone NOT NULL
);



CREATE TABLE public.sign_in (
    id bigint NOT NULL,
    learner_id bigint NOT NULL,
    token_hash character varying(64) NOT NULL,
    browser character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);



CREATE SEQUENCE public.sign_in_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE public.sign_in_id_seq OWNED BY public.sign_in.id;



ALTER TABLE ONLY public.decision ALTER COLUMN id SET DEFAULT nextval('public.decision_id_seq'::regclass);



ALTER TABLE ONLY public.learner ALTER COLUMN id SET DEFAULT nextval('public.learner_id_seq'::regclass);



ALTER TABLE ONLY public.lesson_revision ALTER COLUMN id SET DEFAULT nextval('public.lesson_revision_id_seq'::regclass);



ALTER TABLE ONLY public.mail_token ALTER COLUMN id SET DEFAULT nextval('public.mail_token_id_seq'::regclass);



ALTER TABLE ONLY public.outgoing_mail ALTER COLUMN id SET DEFAULT nextval('public.outgoing_mail_id_seq'::regclass);



ALTER TABLE ONLY public.question_revision ALTER COLUMN id SET DEFAULT nextval('public.question_revision_id_seq'::regclass);



ALTER TABLE ONLY public.sign_in ALTER COLUMN id SET DEFAULT nextval('public.sign_in_id_seq'::regclass);



INSERT INTO public.account VALUES
	(1, 'learner0@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.194154+00'),
	(2, 'learner1@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.225608+00'),
	(3, 'learner2@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.23255+00'),
	(4, 'learner3@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.243799+00'),
	(5, 'learner4@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.250795+00'),
	(6, 'learner5@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'learner', '2026-12-01 12:58:49.25752+00'),
	(25, 'trainer@example.org', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg', 'trainer', '2026-12-01 12:58:49.274022+00');



INSERT INTO public.alembic_version VALUES
	('0006');



INSERT INTO public.answer VALUES
	(1, 'a6a3a450-6513-270e-269e-0d37f2a74de4', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.413856+00', NULL, NULL, 2, false),
	(1, '0ed90475-9531-985d-5d9d-c9f81818e811', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:48.421906+00', NULL, NULL, 2, false),
	(1, 'd3ac94af-0f21-ddb6-6cad-4a268d116ece', 'one/first', 2, 'even', 2, '{"choice": ["f9194e73", "ef2d127d"]}', 0, 2, NULL, '2026-12-01 12:58:48.424563+00', NULL, NULL, 2, false),
	(1, '3898d190-f9eb-dacc-0cb1-e29c658cda14', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.426912+00', NULL, NULL, 2, false),
	(1, '6b4cb242-4a23-d596-2217-beaddbc496cb', 'one/first', 2, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.435291+00', NULL, NULL, 2, false),
	(1, 'ae97ba94-d0ed-a82f-8f6d-05584ef8aa38', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.441144+00', NULL, NULL, 2, false),
	(1, '301850c5-a38f-d547-923a-736994e3bf91', 'one/second', 2, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.448832+00', NULL, NULL, 2, false),
	(1, '0f4205b4-907a-70c3-1012-f037b64ce422', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.450899+00', NULL, NULL, 2, false),
	(1, '6d76b07e-881e-d162-ae2e-b1547f150524', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.452803+00', NULL, NULL, 2, false),
	(1, '5c90a958-7403-e430-ec66-a78795e761d1', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.455236+00', NULL, NULL, 2, false),
	(1, '14f4733f-3e7d-1bfb-c7a2-ea20b2f14c94', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.574."]}', NULL, 0, NULL, '2026-12-01 12:58:48.459557+00', NULL, NULL, 2, false),
	(1, 'babced20-57ee-05cd-e009-02c77ebff206', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.46107+00', NULL, NULL, 2, false),
	(1, '1e398f10-12bd-4ace-faec-bd389be4bcfc', 'two/gone', 2, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.464078+00', NULL, NULL, 2, false),
	(3, '1df9fd78-9c65-3938-2b05-37e65affb229', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.48635+00', NULL, NULL, 2, false),
	(3, 'bd0561e6-211c-70cf-4995-2399c4aaeac1', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "f9194e73", "ef2d127d"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.487807+00', NULL, NULL, 2, false),
	(3, 'd1bc52d9-230d-977e-e225-71594720771f', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.488931+00', NULL, NULL, 2, false),
	(3, '6a50df4d-b4d6-6a3a-4746-9a4d8cdb305f', 'one/first', 2, 'comma', 3, '{"choice": ["50b16376"]}', 0, 1, NULL, '2026-12-01 12:58:48.489887+00', NULL, NULL, 2, false),
	(3, '153e7c2a-26a2-c0bd-3b12-87fff52ddf5d', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.490904+00', NULL, NULL, 2, false),
	(3, '7c26847f-0316-909e-3bbb-e9eaa8948c89', 'one/second', 1, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:48.49541+00', NULL, NULL, 2, false),
	(3, '254b0c4e-010c-4759-482c-9cbc43435cc5', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["2"], "item.77af778b": ["3"], "item.beb13475": ["1"]}', 0, 1, NULL, '2026-12-01 12:58:48.496812+00', NULL, NULL, 2, false),
	(3, 'ad1b72db-a7ab-e1c2-9e1a-8ef4f341e07a', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.497742+00', NULL, NULL, 2, false),
	(3, 'c7ac1491-def8-8334-e647-cb8f74e69a5d', 'two/old-name', 2, 'sum', 7, '{"choice": ["926f52d1"]}', 0, 1, NULL, '2026-12-01 12:58:48.498808+00', NULL, NULL, 2, false),
	(3, '64e50cad-6623-7a04-65e7-e4236472f1a3', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.104."]}', NULL, 0, NULL, '2026-12-01 12:58:48.499652+00', NULL, NULL, 2, false),
	(3, '30cbc97d-0fef-7928-6683-6886a260cd0b', 'two/old-name', 2, 'why', 8, '{"text": ["Because of 0.067."], "check": []}', NULL, 0, NULL, '2026-12-01 12:58:48.500956+00', NULL, NULL, 2, false),
	(3, '570dc195-1c24-42f9-298c-b3a570ccec31', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:48.501907+00', NULL, NULL, 2, false),
	(4, 'f2ee4e45-19f9-919c-895f-d7b326b94c7f', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.506686+00', NULL, NULL, 2, false),
	(4, '353c631c-dfd4-3f37-1200-339d068739fa', 'one/first', 2, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.507708+00', NULL, NULL, 2, false),
	(4, '58ee8571-f499-8d7c-4093-f6dea268aa87', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.509442+00', NULL, NULL, 2, false),
	(4, '7cf20724-d953-ee26-1d87-cec31f7296ab', 'one/second', 1, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:48.513104+00', NULL, NULL, 2, false),
	(4, '15fc899e-4fd5-8dbe-7bdc-968b7afb2c68', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["2"], "item.beb13475": ["1"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.514302+00', NULL, NULL, 2, false),
	(4, '842e7fc2-2954-0a6e-b12a-a1f6d42fddbb', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.515284+00', NULL, NULL, 2, false),
	(4, '8b0d590b-b0a8-44e5-2587-be6b5c9bcf35', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.914."]}', NULL, 0, NULL, '2026-12-01 12:58:48.516009+00', NULL, NULL, 2, false),
	(4, 'fa7f0eab-4c4f-9b06-8732-2e25c215a82a', 'two/old-name', 2, 'why', 8, '{"text": ["Because of 0.643."], "check": []}', NULL, 0, NULL, '2026-12-01 12:58:48.517383+00', NULL, NULL, 2, false),
	(5, '2ac34446-e883-a1d4-5de0-099784b5a818', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.52353+00', NULL, NULL, 2, false),
	(5, '80b0c08b-c770-2420-8aa4-248c8857f9a4', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.524633+00', NULL, NULL, 2, false),
	(5, 'cda6c6fd-bd68-5167-6693-4036d17e4497', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.525623+00', NULL, NULL, 2, false),
	(5, '076b3e36-bb23-13f5-5b06-258e7e26f36a', 'one/first', 1, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:48.52667+00', NULL, NULL, 2, false),
	(5, '42594052-78e4-b98d-4787-f93bca44eb86', 'one/first', 2, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.528188+00', NULL, NULL, 2, false),
	(5, 'cefe2a1f-727d-8349-5822-cb77f4de2c08', 'one/second', 1, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:48.53223+00', NULL, NULL, 2, false),
	(5, 'f979d04a-f47a-ebdd-597a-1ecffcf00fec', 'one/second', 2, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.534267+00', NULL, NULL, 2, false),
	(5, '325b55dd-7857-2976-3a12-917c1a26f889', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["2"], "item.77af778b": ["1"], "item.beb13475": ["3"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.535554+00', NULL, NULL, 2, false),
	(5, 'd5ab8b4d-15b4-0aeb-a4a4-5effccb573d9', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.540492+00', NULL, NULL, 2, false),
	(5, '330698a1-c009-3492-b624-6771c8450070', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.478."]}', NULL, 0, NULL, '2026-12-01 12:58:48.546238+00', NULL, NULL, 2, false),
	(5, '551fd8f9-a2c6-8e45-ca04-c79f6f15b6ad', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.552288+00', NULL, NULL, 2, false),
	(6, 'f26149ed-be4c-5ce6-66c1-494e7691b06f', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.559077+00', NULL, NULL, 2, false),
	(6, '070d7109-2085-9634-fe3c-9c8f2b855c1f', 'one/first', 1, 'even', 2, '{"choice": ["f9194e73"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.560434+00', NULL, NULL, 2, false),
	(6, '27e9e06f-59b4-4e92-effd-deeaa842bc19', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.561555+00', NULL, NULL, 2, false),
	(6, 'f88c422b-cca2-a92b-03a5-6cc1057a40b2', 'one/first', 1, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:48.562678+00', NULL, NULL, 2, false),
	(6, '6f0e2289-23a5-ef88-ef02-090bbfdefc15', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.564476+00', NULL, NULL, 2, false),
	(6, '3606defc-dfb8-5c0d-d37e-e91531dec4f4', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.567549+00', NULL, NULL, 2, false),
	(6, '6b446806-8b5a-b3ee-4265-bb3153740902', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.568763+00', NULL, NULL, 2, false),
	(6, '5a9196f0-bd6b-881a-e8f6-e0bd0f977044', 'two/old-name', 2, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.569603+00', NULL, NULL, 2, false),
	(6, '6bae4b5b-844a-7034-e77f-fe48d0a6ec17', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.827."]}', NULL, 0, NULL, '2026-12-01 12:58:48.570632+00', NULL, NULL, 2, false),
	(6, '8825ae56-2179-b37d-806c-10b5e0cfab4c', 'two/old-name', 2, 'why', 8, '{"text": ["Because of 0.152."], "check": []}', NULL, 0, NULL, '2026-12-01 12:58:48.571825+00', NULL, NULL, 2, false),
	(6, 'c6c91b92-70ac-06ac-df70-301704c9d78d', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.57286+00', NULL, NULL, 2, false),
	(6, '265974a7-cc96-6f46-c6aa-7d550101b811', 'two/gone', 2, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.5759+00', NULL, NULL, 2, false),
	(7, '8e752fdf-1ece-615d-b9a6-442e9e7d6b37', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.584743+00', NULL, NULL, 2, false),
	(7, 'c8c614b2-7b84-44d1-8e31-704187ddaeb7', 'one/first', 1, 'even', 2, '{"choice": ["4b227777", "f9194e73", "ef2d127d"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.587048+00', NULL, NULL, 2, false),
	(7, '8fcd7f40-73c1-cd2c-81f9-8b521905d591', 'one/first', 2, 'even', 2, '{"choice": ["4b227777", "f9194e73"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:48.588581+00', NULL, NULL, 2, false),
	(7, '46f5a1b4-b156-d1ad-330c-16a3831d03bf', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.589583+00', NULL, NULL, 2, false),
	(7, '81fc069e-7a60-9683-ceaf-4915888564e8', 'one/first', 2, 'comma', 3, '{"choice": ["50b16376"]}', 0, 1, NULL, '2026-12-01 12:58:48.590618+00', NULL, NULL, 2, false),
	(7, 'ed84e91e-f132-bf2d-e040-015ce064a114', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.591691+00', NULL, NULL, 2, false),
	(7, '33dcd77f-f179-f2d2-e48b-96628f3c4be3', 'one/first', 2, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:48.592677+00', NULL, NULL, 2, false),
	(7, '712ea6b3-6471-fde4-1f22-9dd06aa8b9e0', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.593769+00', NULL, NULL, 2, false),
	(7, 'ab6286cd-3672-d6ae-12b8-0aed6da79a87', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["3"], "item.beb13475": ["2"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.594646+00', NULL, NULL, 2, false),
	(7, 'f7b103df-2323-1e1e-e201-552240cbacd0', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.595735+00', NULL, NULL, 2, false),
	(7, 'fd68373b-29ac-f1a5-7cbd-1f5ae28af604', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:48.59673+00', NULL, NULL, 2, false),
	(8, 'fe7b8ae4-6e78-36a4-b4d1-9ec12955d6f0', 'one/first', 1, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:48.609378+00', NULL, NULL, 2, false),
	(8, '518ae452-5b4b-1b75-321c-52966bd8c676', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73"]}', 1, 2, NULL, '2026-12-01 12:58:48.610809+00', NULL, NULL, 2, false),
	(8, '4ba2e161-9fb9-af50-8476-8b8c54dd0ba5', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.611904+00', NULL, NULL, 2, false),
	(8, '15850a03-1ad2-d5f1-e05b-3e13f8c110fb', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["3"], "item.beb13475": ["2"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.615541+00', NULL, NULL, 2, false),
	(8, 'e9526a69-d97e-967b-6c18-d982d1dcec53', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.616692+00', NULL, NULL, 2, false),
	(8, 'eb4ed2e3-895e-8b6b-263c-fa5e67ec326a', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.515."]}', NULL, 0, NULL, '2026-12-01 12:58:48.617619+00', NULL, NULL, 2, false),
	(8, '4770a087-16e6-fec3-53b9-7377b34e8ece', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.61847+00', NULL, NULL, 2, false),
	(9, '44d82a53-1289-bafa-e531-69606ce193c2', 'one/first', 1, 'capital', 1, '{"choice": ["54818870"]}', 0, 1, NULL, '2026-12-01 12:58:48.62097+00', NULL, NULL, 2, false),
	(9, '38efbaeb-db31-ccd2-9bb1-83e11570266b', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.621686+00', NULL, NULL, 2, false),
	(9, '8d959c31-fe8a-d4a1-56d2-a68c02f4b342', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.622549+00', NULL, NULL, 2, false),
	(9, '86e3e726-0b0f-873b-2114-e0689f27f52c', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.623342+00', NULL, NULL, 2, false),
	(9, '33a71568-2e5f-950c-0ce5-af69430b91ed', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.932."]}', NULL, 0, NULL, '2026-12-01 12:58:48.624221+00', NULL, NULL, 2, false),
	(9, '4a3adf99-34b3-ff60-c26e-7a4287f53ddd', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.624993+00', NULL, NULL, 2, false),
	(10, '04a65651-cdbd-e747-58d5-0f1b4540f426', 'one/first', 1, 'capital', 1, '{"choice": ["54818870"]}', 0, 1, NULL, '2026-12-01 12:58:48.62908+00', NULL, NULL, 2, false),
	(10, '83a4e629-3080-3889-fa61-97748d118e37', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.629899+00', NULL, NULL, 2, false),
	(10, 'a887ae22-1b35-411b-7272-3b9cef44c0d5', 'one/second', 2, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:48.630747+00', NULL, NULL, 2, false),
	(10, 'd5a9422a-8bc0-8311-7eb8-6c57a81100a1', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.63178+00', NULL, NULL, 2, false),
	(10, 'fb813921-3716-1c16-b00f-d7bb4ecadea2', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.633749+00', NULL, NULL, 2, false),
	(10, 'b4ebf4b6-e1c6-0aa3-d510-bb0432d90dcd', 'two/old-name', 2, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.634548+00', NULL, NULL, 2, false),
	(10, 'fb5c9d56-58f9-2dea-fd4b-d030679a44dd', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.054."]}', NULL, 0, NULL, '2026-12-01 12:58:48.635584+00', NULL, NULL, 2, false),
	(10, 'bdaaea00-a01d-616f-121a-e3e603a63966', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:48.641021+00', NULL, NULL, 2, false),
	(11, 'aa4c5c60-15a0-cce6-0e2e-c40a29ca862d', 'one/first', 1, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:48.646042+00', NULL, NULL, 2, false),
	(11, '99498ac4-482c-c78e-f88e-de10aba8b9b3', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:48.651596+00', NULL, NULL, 2, false),
	(11, '54348156-f637-a468-5d38-5e064363e5d9', 'one/first', 2, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "ef2d127d"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.653176+00', NULL, NULL, 2, false),
	(11, '61b2480c-55d8-5e8d-0046-0d692ed65411', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.654234+00', NULL, NULL, 2, false),
	(11, '3f88af59-3373-6dcc-a7f0-c99e80b5244a', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.655761+00', NULL, NULL, 2, false),
	(11, '66465d28-24d4-589c-16fa-1421d129d067', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.656644+00', NULL, NULL, 2, false),
	(11, 'a1320b9d-4de2-f8ad-4cb5-9aa705c22d3f', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.233."]}', NULL, 0, NULL, '2026-12-01 12:58:48.657698+00', NULL, NULL, 2, false),
	(11, 'c0236e49-da6e-6d8e-8778-f742f527b5c2', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.658649+00', NULL, NULL, 2, false),
	(11, 'e10c167d-c8b6-eaff-b74b-589be48e9e02', 'two/gone', 2, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.659899+00', NULL, NULL, 2, false),
	(12, '26433798-7e83-4904-fc17-3498b87e4e2b', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.665405+00', NULL, NULL, 2, false),
	(12, 'd329d65c-0b35-b1de-250e-7b34a4aa07b4', 'one/first', 1, 'even', 2, '{"choice": []}', 0, 2, NULL, '2026-12-01 12:58:48.666668+00', NULL, NULL, 2, false),
	(12, 'c0bbe6ed-8614-f504-e8ee-65a123a9a9da', 'one/first', 2, 'even', 2, '{"choice": ["ef2d127d"]}', 0, 2, NULL, '2026-12-01 12:58:48.667875+00', NULL, NULL, 2, false);
INSERT INTO public.answer VALUES
	(12, '22126540-0ab7-7988-07fa-22f715c891ff', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.668782+00', NULL, NULL, 2, false),
	(12, '0cfff054-8efb-a442-738e-0b77d5f860c3', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.669615+00', NULL, NULL, 2, false),
	(12, '4387ee7b-7d42-646f-3e9b-768fae4001e3', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["3"], "item.beb13475": ["2"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.670614+00', NULL, NULL, 2, false),
	(12, '408fc146-794e-c926-bc9e-28eabee80626', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.676549+00', NULL, NULL, 2, false),
	(12, '348922d7-c1a6-24dc-bab5-b3733c1ae917', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.677748+00', NULL, NULL, 2, false),
	(12, '13a5397f-61ef-7bd1-d874-bc797e736d5f', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.479."]}', NULL, 0, NULL, '2026-12-01 12:58:48.678561+00', NULL, NULL, 2, false),
	(12, 'a1feb624-9df2-025f-0bf7-a4bdc458272f', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:48.694364+00', NULL, NULL, 2, false),
	(13, 'a6caf4a3-4102-3aed-54ef-125a25bda659', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:48.707877+00', NULL, NULL, 2, false),
	(13, '197a14e2-ac08-4ba5-f8f6-59ac44ce4ab3', 'one/first', 2, 'even', 2, '{"choice": ["4b227777", "f9194e73", "ef2d127d"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:48.712678+00', NULL, NULL, 2, false),
	(13, 'e4c717fd-fe48-ef63-1e56-3408c4653cde', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.713917+00', NULL, NULL, 2, false),
	(13, '7912ef4a-efae-5d4e-15fa-8b65fa6672cd', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.720809+00', NULL, NULL, 2, false),
	(13, 'f7d5f124-81b1-c025-d1e4-d0a313932904', 'one/second', 1, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:48.728171+00', NULL, NULL, 2, false),
	(13, 'f21201e4-eaa3-556c-35b7-e44863087e52', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.737566+00', NULL, NULL, 2, false),
	(13, '86292bb5-bf5b-411b-2449-1df6171e1a8c', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.262."]}', NULL, 0, NULL, '2026-12-01 12:58:48.738873+00', NULL, NULL, 2, false),
	(13, 'd1f9bdfe-9a76-2d54-21f2-67e25c0bb40f', 'two/old-name', 2, 'why', 8, '{"text": ["Because of 0.632."], "check": []}', NULL, 0, NULL, '2026-12-01 12:58:48.743339+00', NULL, NULL, 2, false),
	(13, '5d7cfed1-b40d-e56d-1cd8-6fc1e3096619', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.747904+00', NULL, NULL, 2, false),
	(14, '00eb4e11-28b8-8073-065b-8c3564e27602', 'one/first', 1, 'capital', 1, '{"choice": ["54818870"]}', 0, 1, NULL, '2026-12-01 12:58:48.769557+00', NULL, NULL, 2, false),
	(14, '24056360-ba28-a679-4d4c-a9c767c98fb9', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:48.772763+00', NULL, NULL, 2, false),
	(14, 'f09c0afb-1ebb-0794-65f4-56aad6cff718', 'one/first', 1, 'comma', 3, '{"choice": ["50b16376"]}', 0, 1, NULL, '2026-12-01 12:58:48.773968+00', NULL, NULL, 2, false),
	(14, '64950dc2-10a2-5b19-5f49-f0fc40d28406', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.784408+00', NULL, NULL, 2, false),
	(14, '6d94dd6d-ece8-0799-5c57-722e138efef9', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.786031+00', NULL, NULL, 2, false),
	(14, '1a09a840-47d7-df79-0c5b-4c59dab07929', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["2"], "item.beb13475": ["1"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.787193+00', NULL, NULL, 2, false),
	(14, '82ce786f-6fad-7936-4406-c053f895fc55', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.791225+00', NULL, NULL, 2, false),
	(14, 'e25f4b1c-6d80-de7c-f4c7-3f2bc8ff1c38', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.029."]}', NULL, 0, NULL, '2026-12-01 12:58:48.792456+00', NULL, NULL, 2, false),
	(14, '8ddcf83c-f0d1-ab56-e02f-9a72e9d625c9', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.796073+00', NULL, NULL, 2, false),
	(15, '23797d45-c0ae-d9c5-9d6b-023f736b96a0', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.809617+00', NULL, NULL, 2, false),
	(15, 'ed4142ba-e972-9f3f-0c89-c0017c4ea603', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.811081+00', NULL, NULL, 2, false),
	(15, '48208231-57fa-49e5-6a34-b37178e10e70', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.816026+00', NULL, NULL, 2, false),
	(15, '4d039b72-3d19-26ac-a7ef-4f5d67fd5499', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["2"], "item.beb13475": ["1"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:48.819922+00', NULL, NULL, 2, false),
	(15, '35372235-133e-6153-2962-59c8a4a915d0', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.821046+00', NULL, NULL, 2, false),
	(15, 'e8009d90-73f6-e53d-3853-933d8ce621ef', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.333."]}', NULL, 0, NULL, '2026-12-01 12:58:48.823842+00', NULL, NULL, 2, false),
	(15, '31419775-8c3b-a859-23bc-91526d6b987a', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.836194+00', NULL, NULL, 2, false),
	(16, '51bcd77a-1751-f579-8e4d-c3a3578a60d8', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.841761+00', NULL, NULL, 2, false),
	(16, 'e322e96d-33bf-9157-91d2-77f2cf321d63', 'one/first', 1, 'even', 2, '{"choice": ["4b227777", "ef2d127d"]}', 0, 2, NULL, '2026-12-01 12:58:48.842701+00', NULL, NULL, 2, false),
	(16, '7f867d5f-0fe3-21ec-c08a-58d756947a7a', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.850095+00', NULL, NULL, 2, false),
	(16, '877b55cb-80de-8b3e-afcf-0e77203943f6', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.85394+00', NULL, NULL, 2, false),
	(16, '3f9aa884-e594-09c1-4561-9fc017b4834c', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.855231+00', NULL, NULL, 2, false),
	(16, 'd9435541-4fe0-4802-f435-a5736e8cd94e', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:48.858201+00', NULL, NULL, 2, false),
	(16, 'c3813ce6-b5a2-9061-6cd9-e62a08411c07', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.896."]}', NULL, 0, NULL, '2026-12-01 12:58:48.861499+00', NULL, NULL, 2, false),
	(16, '000bb5f9-7d65-2135-9651-32d6f7e147fd', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.874585+00', NULL, NULL, 2, false),
	(17, '72ee6a2e-f8e4-cb5c-77d8-c569daff9a0b', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.890021+00', NULL, NULL, 2, false),
	(17, '26edf1bd-2785-5798-394a-fbe91bea705e', 'one/first', 2, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:48.90096+00', NULL, NULL, 2, false),
	(17, '0a1fb43b-c6e0-673a-8d2f-29e715c2c81a', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:48.907718+00', NULL, NULL, 2, false),
	(17, '099f9c9f-eb7f-e26b-91c3-098c3b8a27ba', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.917005+00', NULL, NULL, 2, false),
	(17, '4075916e-a060-846c-20c2-6f71f662222e', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.920671+00', NULL, NULL, 2, false),
	(17, '197536b1-1cb4-ba55-c38b-48a2b2d643a2', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["1"], "item.beb13475": ["2"]}', 0, 1, NULL, '2026-12-01 12:58:48.930427+00', NULL, NULL, 2, false),
	(17, '004b7fd0-99df-209b-ca5d-5e7d393cbcdd', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:48.933131+00', NULL, NULL, 2, false),
	(17, 'f57d1709-4752-9194-75ef-d233ff125eb4', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.316."]}', NULL, 0, NULL, '2026-12-01 12:58:48.940855+00', NULL, NULL, 2, false),
	(17, '8c0856a4-3c19-c315-86ba-22dd79ad8999', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.942017+00', NULL, NULL, 2, false),
	(18, '0e28b64f-4eb1-9fca-a64f-7613b4642ea4', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.03568+00', NULL, NULL, 2, false),
	(18, '6b86290b-a5ac-d341-aca9-9fd0e2856ec6', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}', 0.6666666666666666, 2, NULL, '2026-12-01 12:58:49.038044+00', NULL, NULL, 2, false),
	(18, 'aebcb0aa-5cc0-ff06-6ba9-9d01b7e49f36', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:49.040191+00', NULL, NULL, 2, false),
	(18, '114340ff-813f-b5cd-d85b-bb6bbd37929d', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.044099+00', NULL, NULL, 2, false),
	(18, '31a59c4a-d1eb-d086-c40f-36094fcc9a5c', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.045435+00', NULL, NULL, 2, false),
	(18, 'e57f7691-2ff3-c23c-9c2f-67237eea6fe1', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.223."]}', NULL, 0, NULL, '2026-12-01 12:58:49.048672+00', NULL, NULL, 2, false),
	(18, '0e71597a-aa50-b96f-e90f-b6516ac26ae0', 'two/old-name', 2, 'why', 8, '{"text": ["Because of 0.949."], "check": []}', NULL, 0, NULL, '2026-12-01 12:58:49.052682+00', NULL, NULL, 2, false),
	(18, '3683d4bc-0dea-6e4e-64b9-cb1cec032e6b', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:49.060322+00', NULL, NULL, 2, false),
	(19, 'b5b94af3-0d45-6be0-6a56-aac3245448c8', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.069781+00', NULL, NULL, 2, false),
	(19, 'b647e8a8-e5ee-4c91-731b-bc4164b0bb14', 'one/first', 2, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:49.076266+00', NULL, NULL, 2, false),
	(19, 'a70828a7-2f7d-ba08-30d0-a2b8544940e1', 'one/first', 1, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:49.078234+00', NULL, NULL, 2, false),
	(19, 'b9b253e3-aa18-1345-4fd3-e758082a2f4d', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.079833+00', NULL, NULL, 2, false),
	(19, '2b54af77-7143-6e1d-54ea-2061fc27d683', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.081153+00', NULL, NULL, 2, false),
	(19, '1fab5884-e29a-acea-f49c-9eba6b911f97', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:49.082646+00', NULL, NULL, 2, false),
	(19, 'd252a617-c4cb-a038-5b4c-0d7361502dee', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.309."]}', NULL, 0, NULL, '2026-12-01 12:58:49.086134+00', NULL, NULL, 2, false),
	(19, '7934f0b8-b48b-b075-0c9c-20ef167774ef', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:49.087414+00', NULL, NULL, 2, false),
	(20, '52c4641b-316a-2a12-7243-d47ceb64c5c4', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.095363+00', NULL, NULL, 2, false),
	(20, 'a1b49bf7-07c0-909c-797b-1538e5a15b79', 'one/first', 2, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.101093+00', NULL, NULL, 2, false),
	(20, '76cc0573-08ec-379a-6025-33dc0a68013d', 'one/first', 1, 'even', 2, '{"choice": ["4b227777"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:49.102579+00', NULL, NULL, 2, false),
	(20, 'f52b2549-55c0-a74d-45b6-69f75cebe213', 'one/first', 1, 'comma', 3, '{"choice": ["50b16376"]}', 0, 1, NULL, '2026-12-01 12:58:49.103889+00', NULL, NULL, 2, false),
	(20, '5105122a-b088-2411-b775-70a4bf168da7', 'one/second', 1, 'colour', 5, '{"gap.colour": ["grey"]}', 0, 1, NULL, '2026-12-01 12:58:49.105382+00', NULL, NULL, 2, false),
	(20, '98772790-c172-6f06-b8b8-f27000f72d3c', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.112309+00', NULL, NULL, 2, false),
	(20, 'f4ef6142-b72f-ac4a-79a5-fd621b757b20', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:49.114045+00', NULL, NULL, 2, false),
	(21, '6e106c0e-e9de-0479-4044-9aa0ca304218', 'one/first', 1, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:49.120286+00', NULL, NULL, 2, false),
	(21, '023a80a2-2ed5-1b12-7f1d-490eed97ec76', 'one/first', 1, 'even', 2, '{"choice": []}', 0, 2, NULL, '2026-12-01 12:58:49.124059+00', NULL, NULL, 2, false),
	(21, '5ca2c132-75f5-c1a0-51cd-f2f9dc7a615d', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:49.125566+00', NULL, NULL, 2, false),
	(21, '64457ea4-3283-0689-830a-e19e143a5180', 'one/first', 1, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:49.132028+00', NULL, NULL, 2, false),
	(21, 'a648a58c-1092-57f7-6862-bf793f4f8b9d', 'one/first', 2, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:49.133117+00', NULL, NULL, 2, false),
	(21, 'faf20ac0-2923-22d3-5364-e64d8b6bfeae', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.133947+00', NULL, NULL, 2, false),
	(21, '43cfeadf-1279-688c-fce2-05cd1aefca62', 'one/second', 2, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.134906+00', NULL, NULL, 2, false),
	(21, 'fd09e37c-7f9c-1321-6bca-9b3f18af266c', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.135786+00', NULL, NULL, 2, false),
	(21, '6ab6114f-2207-c6c0-3bf4-49fd2c564d56', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:49.136669+00', NULL, NULL, 2, false),
	(21, 'c61c96db-d8d4-250d-89df-5e79bf7b6c6c', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.664."]}', NULL, 0, NULL, '2026-12-01 12:58:49.137619+00', NULL, NULL, 2, false),
	(22, '4485c04f-911f-52dc-4786-8e4a4b354e93', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.14575+00', NULL, NULL, 2, false),
	(22, '2f8c6c08-3f57-83ea-707c-5f3d32fe1f36', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a", "f9194e73", "ef2d127d"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:49.146852+00', NULL, NULL, 2, false),
	(22, '81e004fb-3ef6-8756-fe11-1ebc406c6132', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:49.148091+00', NULL, NULL, 2, false),
	(22, '012664f6-1a32-7537-097a-5942fdaf4513', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.14897+00', NULL, NULL, 2, false),
	(22, '5fb65b55-ea14-843a-72c3-9a28d72eb3a1', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["2"], "item.77af778b": ["1"], "item.beb13475": ["3"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:49.149941+00', NULL, NULL, 2, false),
	(22, '954c2fc1-d3f2-e52d-f914-3ef599b9ede7', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.194."]}', NULL, 0, NULL, '2026-12-01 12:58:49.156609+00', NULL, NULL, 2, false),
	(23, '72f92026-2d81-9d38-ddba-8547833e469f', 'one/first', 1, 'capital', 1, '{"choice": ["b36f06be"]}', 0, 1, NULL, '2026-12-01 12:58:49.160034+00', NULL, NULL, 2, false),
	(23, '37b79c48-5985-ea3f-9eb4-e92eb5af4c8a', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:49.16109+00', NULL, NULL, 2, false),
	(23, '3437ccaa-0b4e-7f7c-2430-ca6d570b534d', 'one/first', 2, 'wander', 4, '{"number": ["5"]}', 0, 1, NULL, '2026-12-01 12:58:49.163926+00', NULL, NULL, 2, false),
	(23, '3414c2dc-e9f8-f71f-a6d2-1040bb7352c1', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.164888+00', NULL, NULL, 2, false),
	(23, 'ada65cc4-68b3-e3aa-53c6-9b0ad19f0be9', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["2"], "item.beb13475": ["1"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:49.165717+00', NULL, NULL, 2, false),
	(23, '8c4caa83-7ee1-4b90-cb97-8be3080e31b0', 'two/old-name', 1, 'sum', 7, '{"choice": ["94a72c07"]}', 1, 1, NULL, '2026-12-01 12:58:49.173627+00', NULL, NULL, 2, false),
	(23, 'a9fda2ef-6532-2a48-cbbc-6c9419f48c75', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.550."]}', NULL, 0, NULL, '2026-12-01 12:58:49.17507+00', NULL, NULL, 2, false),
	(23, '65d464fd-29e7-8b06-a72e-d5081755c6de', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:49.176083+00', NULL, NULL, 2, false),
	(23, 'aaf5a86e-4886-6d48-fcfd-36d168e7ed23', 'two/gone', 2, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:49.177051+00', NULL, NULL, 2, false),
	(24, '5b7042df-e239-d3d7-9107-756fbece7145', 'one/first', 1, 'even', 2, '{"choice": ["d4735e3a"]}', 0.3333333333333333, 2, NULL, '2026-12-01 12:58:49.180543+00', NULL, NULL, 2, false),
	(24, 'f1261642-3423-880b-67ac-56f8ba60491e', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:49.18145+00', NULL, NULL, 2, false),
	(24, '172a390a-d203-acfe-1d10-e9316c7b31e2', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:49.182405+00', NULL, NULL, 2, false);
INSERT INTO public.answer VALUES
	(24, '21460c5a-299c-858d-c5e6-e62f75fdf37c', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.187172+00', NULL, NULL, 2, false),
	(24, 'e8e84b0d-ce74-b3c4-a402-bb72247aabb5', 'one/second', 1, 'sorted', 6, '{"item.67a33335": ["3"], "item.77af778b": ["2"], "item.beb13475": ["1"]}', 0.3333333333333333, 1, NULL, '2026-12-01 12:58:49.188589+00', NULL, NULL, 2, false),
	(24, '296cb08c-4886-058b-5912-eb602558d6c0', 'one/second', 2, 'sorted', 6, '{"item.67a33335": ["1"], "item.77af778b": ["2"], "item.beb13475": ["3"]}', 1, 1, NULL, '2026-12-01 12:58:49.189519+00', NULL, NULL, 2, false),
	(24, 'caca003c-ce08-43c2-c0e9-08a87d920a56', 'two/gone', 1, 'last-one', 9, '{"choice": ["1ea442a1"]}', 0, 1, NULL, '2026-12-01 12:58:49.190157+00', NULL, NULL, 2, false),
	(2, 'eeeacbe2-26e8-7555-5790-f82ec1d3fcff', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:48.468542+00', NULL, NULL, 2, false),
	(2, '72db3a52-6343-4981-986d-702fbb5fc6d4', 'one/first', 2, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.30028+00', NULL, NULL, 2, false),
	(2, 'f1d69ed6-17f5-e837-d708-20fe119a72d1', 'one/second', 1, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:48.47415+00', NULL, NULL, 2, false),
	(2, 'ca0fbb77-fdd1-449d-b9e1-1082cd914334', 'one/second', 2, 'colour', 5, '{"gap.colour": ["blue"]}', 1, 1, NULL, '2026-12-01 12:58:49.309638+00', NULL, NULL, 2, false),
	(2, 'ab2cd31e-e315-1288-62c3-3a4fb774eb52', 'two/gone', 1, 'last-one', 9, '{"choice": ["85a39ab3"]}', 1, 1, NULL, '2026-12-01 12:58:48.479569+00', NULL, NULL, 2, false),
	(2, 'd17f9aca-e01f-5057-ca02-135e92b1d3f2', 'one/first', 1, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.471989+00', NULL, NULL, 2, false),
	(2, '7f26144b-9828-9fcd-59a5-4a7bb1fee08f', 'one/first', 2, 'wander', 4, '{"number": ["7"]}', 1, 1, NULL, '2026-12-01 12:58:48.473108+00', NULL, NULL, 2, false),
	(2, 'ae658f33-fe3b-890b-93f4-48b3a5aa3c81', 'two/old-name', 1, 'why', 8, '{"text": ["Because of 0.822."]}', NULL, 0, NULL, '2026-12-01 12:58:48.475148+00', NULL, NULL, 2, false),
	(27, '1380d0c7-f0c2-49c7-a50b-95ee331c5851', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:49.353223+00', NULL, NULL, 2, false),
	(27, 'c2eb9374-28a3-465b-8329-f2627ee2789c', 'one/first', 1, 'comma', 3, '{"choice": ["dee10f4b"]}', 1, 1, NULL, '2026-12-01 12:58:49.35903+00', NULL, NULL, 2, false),
	(4, '3d2c19a9-9006-4d60-afcb-d363122c1ada', 'one/first', 1, 'capital', 1, '{"choice": ["6d5809ab"]}', 1, 1, NULL, '2026-12-01 12:58:52.972069+00', NULL, NULL, 2, false),
	(27, '3beb0c5c-ddb7-4ab4-8cd9-c4bf0735c3b0', 'one/first', 1, 'even', 56, '{"choice": ["d4735e3a"]}', 0.5, 2, NULL, '2026-12-01 12:58:52.986817+00', NULL, NULL, 2, false);



INSERT INTO public.attempt VALUES
	(1, 'one/first', 1, '2026-12-01 12:58:48.413856+00'),
	(1, 'one/first', 2, '2026-12-01 12:58:48.424563+00'),
	(1, 'one/second', 1, '2026-12-01 12:58:48.441144+00'),
	(1, 'one/second', 2, '2026-12-01 12:58:48.448832+00'),
	(1, 'two/old-name', 1, '2026-12-01 12:58:48.455236+00'),
	(1, 'two/gone', 1, '2026-12-01 12:58:48.46107+00'),
	(1, 'two/gone', 2, '2026-12-01 12:58:48.464078+00'),
	(3, 'one/first', 1, '2026-12-01 12:58:48.48635+00'),
	(3, 'one/first', 2, '2026-12-01 12:58:48.489887+00'),
	(3, 'one/second', 1, '2026-12-01 12:58:48.49541+00'),
	(3, 'two/old-name', 1, '2026-12-01 12:58:48.497742+00'),
	(3, 'two/old-name', 2, '2026-12-01 12:58:48.498808+00'),
	(3, 'two/gone', 1, '2026-12-01 12:58:48.501907+00'),
	(4, 'one/first', 1, '2026-12-01 12:58:48.506686+00'),
	(4, 'one/first', 2, '2026-12-01 12:58:48.507708+00'),
	(4, 'one/second', 1, '2026-12-01 12:58:48.513104+00'),
	(4, 'two/old-name', 1, '2026-12-01 12:58:48.515284+00'),
	(4, 'two/old-name', 2, '2026-12-01 12:58:48.517383+00'),
	(5, 'one/first', 1, '2026-12-01 12:58:48.52353+00'),
	(5, 'one/first', 2, '2026-12-01 12:58:48.528188+00'),
	(5, 'one/second', 1, '2026-12-01 12:58:48.53223+00'),
	(5, 'one/second', 2, '2026-12-01 12:58:48.534267+00'),
	(5, 'two/old-name', 1, '2026-12-01 12:58:48.540492+00'),
	(5, 'two/gone', 1, '2026-12-01 12:58:48.552288+00'),
	(6, 'one/first', 1, '2026-12-01 12:58:48.559077+00'),
	(6, 'one/second', 1, '2026-12-01 12:58:48.564476+00'),
	(6, 'one/second', 2, '2026-12-01 12:58:48.567549+00'),
	(6, 'two/old-name', 1, '2026-12-01 12:58:48.568763+00'),
	(6, 'two/old-name', 2, '2026-12-01 12:58:48.569603+00'),
	(6, 'two/gone', 1, '2026-12-01 12:58:48.57286+00'),
	(6, 'two/gone', 2, '2026-12-01 12:58:48.5759+00'),
	(7, 'one/first', 1, '2026-12-01 12:58:48.584743+00'),
	(7, 'one/first', 2, '2026-12-01 12:58:48.588581+00'),
	(7, 'one/second', 1, '2026-12-01 12:58:48.593769+00'),
	(7, 'two/old-name', 1, '2026-12-01 12:58:48.595735+00'),
	(7, 'two/gone', 1, '2026-12-01 12:58:48.59673+00'),
	(8, 'one/first', 1, '2026-12-01 12:58:48.609378+00'),
	(8, 'one/second', 1, '2026-12-01 12:58:48.615541+00'),
	(8, 'two/old-name', 1, '2026-12-01 12:58:48.616692+00'),
	(8, 'two/gone', 1, '2026-12-01 12:58:48.61847+00'),
	(9, 'one/first', 1, '2026-12-01 12:58:48.62097+00'),
	(9, 'one/second', 1, '2026-12-01 12:58:48.622549+00'),
	(9, 'two/old-name', 1, '2026-12-01 12:58:48.624221+00'),
	(9, 'two/gone', 1, '2026-12-01 12:58:48.624993+00'),
	(10, 'one/first', 1, '2026-12-01 12:58:48.62908+00'),
	(10, 'one/second', 1, '2026-12-01 12:58:48.629899+00'),
	(10, 'one/second', 2, '2026-12-01 12:58:48.630747+00'),
	(10, 'two/old-name', 1, '2026-12-01 12:58:48.633749+00'),
	(10, 'two/old-name', 2, '2026-12-01 12:58:48.634548+00'),
	(10, 'two/gone', 1, '2026-12-01 12:58:48.641021+00'),
	(11, 'one/first', 1, '2026-12-01 12:58:48.646042+00'),
	(11, 'one/first', 2, '2026-12-01 12:58:48.653176+00'),
	(11, 'two/old-name', 1, '2026-12-01 12:58:48.656644+00'),
	(11, 'two/gone', 1, '2026-12-01 12:58:48.658649+00'),
	(11, 'two/gone', 2, '2026-12-01 12:58:48.659899+00'),
	(12, 'one/first', 1, '2026-12-01 12:58:48.665405+00'),
	(12, 'one/first', 2, '2026-12-01 12:58:48.667875+00'),
	(12, 'one/second', 1, '2026-12-01 12:58:48.669615+00'),
	(12, 'one/second', 2, '2026-12-01 12:58:48.676549+00'),
	(12, 'two/old-name', 1, '2026-12-01 12:58:48.677748+00'),
	(12, 'two/gone', 1, '2026-12-01 12:58:48.694364+00'),
	(13, 'one/first', 1, '2026-12-01 12:58:48.707877+00'),
	(13, 'one/first', 2, '2026-12-01 12:58:48.712678+00'),
	(13, 'one/second', 1, '2026-12-01 12:58:48.728171+00'),
	(13, 'two/old-name', 1, '2026-12-01 12:58:48.738873+00'),
	(13, 'two/old-name', 2, '2026-12-01 12:58:48.743339+00'),
	(13, 'two/gone', 1, '2026-12-01 12:58:48.747904+00'),
	(14, 'one/first', 1, '2026-12-01 12:58:48.769557+00'),
	(14, 'one/second', 1, '2026-12-01 12:58:48.784408+00'),
	(14, 'one/second', 2, '2026-12-01 12:58:48.787193+00'),
	(14, 'two/old-name', 1, '2026-12-01 12:58:48.791225+00'),
	(14, 'two/gone', 1, '2026-12-01 12:58:48.796073+00'),
	(15, 'one/first', 1, '2026-12-01 12:58:48.809617+00'),
	(15, 'one/second', 1, '2026-12-01 12:58:48.816026+00'),
	(15, 'two/old-name', 1, '2026-12-01 12:58:48.821046+00'),
	(15, 'two/gone', 1, '2026-12-01 12:58:48.836194+00'),
	(16, 'one/first', 1, '2026-12-01 12:58:48.841761+00'),
	(16, 'one/second', 1, '2026-12-01 12:58:48.855231+00'),
	(16, 'two/old-name', 1, '2026-12-01 12:58:48.861499+00'),
	(16, 'two/gone', 1, '2026-12-01 12:58:48.874585+00'),
	(17, 'one/first', 1, '2026-12-01 12:58:48.890021+00'),
	(17, 'one/first', 2, '2026-12-01 12:58:48.90096+00'),
	(17, 'one/second', 1, '2026-12-01 12:58:48.920671+00'),
	(17, 'two/old-name', 1, '2026-12-01 12:58:48.933131+00'),
	(17, 'two/gone', 1, '2026-12-01 12:58:48.942017+00'),
	(18, 'one/first', 1, '2026-12-01 12:58:49.03568+00'),
	(18, 'one/second', 1, '2026-12-01 12:58:49.044099+00'),
	(18, 'two/old-name', 1, '2026-12-01 12:58:49.048672+00'),
	(18, 'two/old-name', 2, '2026-12-01 12:58:49.052682+00'),
	(18, 'two/gone', 1, '2026-12-01 12:58:49.060322+00'),
	(19, 'one/first', 1, '2026-12-01 12:58:49.069781+00'),
	(19, 'one/first', 2, '2026-12-01 12:58:49.076266+00'),
	(19, 'one/second', 1, '2026-12-01 12:58:49.079833+00'),
	(19, 'two/old-name', 1, '2026-12-01 12:58:49.082646+00'),
	(19, 'two/gone', 1, '2026-12-01 12:58:49.087414+00'),
	(20, 'one/first', 1, '2026-12-01 12:58:49.095363+00'),
	(20, 'one/first', 2, '2026-12-01 12:58:49.101093+00'),
	(20, 'one/second', 1, '2026-12-01 12:58:49.105382+00'),
	(20, 'two/gone', 1, '2026-12-01 12:58:49.114045+00'),
	(21, 'one/first', 1, '2026-12-01 12:58:49.120286+00');
INSERT INTO public.attempt VALUES
	(21, 'one/first', 2, '2026-12-01 12:58:49.133117+00'),
	(21, 'one/second', 1, '2026-12-01 12:58:49.133947+00'),
	(21, 'one/second', 2, '2026-12-01 12:58:49.134906+00'),
	(21, 'two/old-name', 1, '2026-12-01 12:58:49.136669+00'),
	(22, 'one/first', 1, '2026-12-01 12:58:49.14575+00'),
	(22, 'one/second', 1, '2026-12-01 12:58:49.14897+00'),
	(22, 'two/old-name', 1, '2026-12-01 12:58:49.156609+00'),
	(23, 'one/first', 1, '2026-12-01 12:58:49.160034+00'),
	(23, 'one/first', 2, '2026-12-01 12:58:49.163926+00'),
	(23, 'one/second', 1, '2026-12-01 12:58:49.164888+00'),
	(23, 'one/second', 2, '2026-12-01 12:58:49.165717+00'),
	(23, 'two/old-name', 1, '2026-12-01 12:58:49.173627+00'),
	(23, 'two/gone', 1, '2026-12-01 12:58:49.176083+00'),
	(23, 'two/gone', 2, '2026-12-01 12:58:49.177051+00'),
	(24, 'one/first', 1, '2026-12-01 12:58:49.180543+00'),
	(24, 'one/second', 1, '2026-12-01 12:58:49.187172+00'),
	(24, 'one/second', 2, '2026-12-01 12:58:49.189519+00'),
	(24, 'two/gone', 1, '2026-12-01 12:58:49.190157+00'),
	(2, 'one/first', 1, '2026-12-01 12:58:48.468542+00'),
	(2, 'one/first', 2, '2026-12-01 12:58:48.473108+00'),
	(2, 'one/second', 1, '2026-12-01 12:58:48.47415+00'),
	(2, 'one/second', 2, '2026-12-01 12:58:49.309638+00'),
	(2, 'two/gone', 1, '2026-12-01 12:58:48.479569+00'),
	(2, 'two/old-name', 1, '2026-12-01 12:58:48.475148+00'),
	(27, 'one/first', 1, '2026-12-01 12:58:49.353223+00');



INSERT INTO public.decision VALUES
	(1, 2, 'capital', '88f0a8e47e4d4a58', '66ca0d03d00e7847', 'regrade', 'The capital was wrong.', NULL),
	(2, 2, 'even', '6551819cdda07471', '7e9ae8cddbe8d686', 'void', 'The even was wrong.', NULL),
	(3, 2, 'sorted', '18a9c5701e790bef', 'a72b728901d4972a', 'keep', 'The sorted was wrong.', NULL);






INSERT INTO public.learner VALUES
	(1, '2026-12-01 12:58:48.391867+00', NULL, '979f7b9c'),
	(2, '2026-12-01 12:58:48.466301+00', NULL, '1623fd1c'),
	(3, '2026-12-01 12:58:48.484311+00', NULL, 'f920e889'),
	(4, '2026-12-01 12:58:48.505308+00', NULL, '95cab587'),
	(5, '2026-12-01 12:58:48.521441+00', NULL, 'b6349ea0'),
	(6, '2026-12-01 12:58:48.554093+00', NULL, '7f40d0c0'),
	(7, '2026-12-01 12:58:48.577398+00', NULL, 'f8109b98'),
	(8, '2026-12-01 12:58:48.605687+00', NULL, 'a451332b'),
	(9, '2026-12-01 12:58:48.619972+00', NULL, 'a3a8b3ac'),
	(10, '2026-12-01 12:58:48.627891+00', NULL, 'ff296e44'),
	(11, '2026-12-01 12:58:48.644006+00', NULL, 'c27bf1f8'),
	(12, '2026-12-01 12:58:48.661871+00', NULL, '79571b70'),
	(13, '2026-12-01 12:58:48.699268+00', NULL, 'e3528e21'),
	(14, '2026-12-01 12:58:48.764212+00', NULL, '5b3be29a'),
	(15, '2026-12-01 12:58:48.80268+00', NULL, '5de6357a'),
	(16, '2026-12-01 12:58:48.840414+00', NULL, 'f8f2b813'),
	(17, '2026-12-01 12:58:48.884535+00', NULL, '1e79e23c'),
	(18, '2026-12-01 12:58:49.026909+00', NULL, '789ea72e'),
	(19, '2026-12-01 12:58:49.065835+00', NULL, 'fad1166d'),
	(20, '2026-12-01 12:58:49.092213+00', NULL, 'be345eef'),
	(21, '2026-12-01 12:58:49.116098+00', NULL, '02597472'),
	(22, '2026-12-01 12:58:49.143853+00', NULL, '9133b3d6'),
	(23, '2026-12-01 12:58:49.158859+00', NULL, '1698f54a'),
	(24, '2026-12-01 12:58:49.178473+00', NULL, '3f26f769'),
	(25, '2026-12-01 12:58:49.273614+00', NULL, '0670a6f2'),
	(26, '2026-12-01 12:58:49.291392+00', 2, '5eed5eed'),
	(27, '2026-12-01 12:58:49.347903+00', NULL, '49739ce3');



INSERT INTO public.lesson_figures VALUES
	('one/first', '2026-12-01 12:58:56.210125+00', 0.07054799100023956, '{"even": "7e9ae8cddbe8d686", "comma": "2f29dd76b00c9cf4", "capital": "66ca0d03d00e7847"}', 25, '{"even": "", "comma": "", "capital": ""}', '{"figures": [{"n": 0, "parts": [{"text": "", "right": null, "options": [{"rest": null, "text": "Sydney", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "Canberra", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "Melbourne", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}], "typed": [], "content": {"id": "capital", "type": "single", "prompt": "What is the capital of Australia?", "options": [{"text": "Sydney", "feedback": "The largest city."}, {"text": "Canberra", "correct": true, "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}], "objective": "know", "explanation": "Canberra was founded to be the capital."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "question": "capital", "revision": "66ca0d03d00e7847", "published_at": "2026-12-01T12:58:52.276548Z", "discrimination": {"n": 0, "low": null, "why": "too few (0 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 22, "parts": [{"text": "", "right": null, "options": [{"rest": -0.03571428571428569, "text": "Sydney", "count": 15, "right": true, "share": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}}, {"rest": 0.1170634920634921, "text": "Canberra", "count": 4, "right": false, "share": {"n": 22, "low": 0.07306884583422057, "why": "", "high": 0.3851660743712655, "needs": 10, "value": 0.18181818181818182}}, {"rest": -0.3273809523809524, "text": "Melbourne", "count": 3, "right": false, "share": {"n": 22, "low": 0.04749003714055253, "why": "", "high": 0.33334987166571717, "needs": 10, "value": 0.13636363636363635}}]}], "typed": [], "content": {"id": "capital", "type": "single", "prompt": "What is the capital of Australia?", "options": [{"text": "Sydney", "correct": true, "feedback": "The largest city."}, {"text": "Canberra", "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}], "objective": "know", "explanation": "Canberra was founded to be the capital."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}, "question": "capital", "revision": "88f0a8e47e4d4a58", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 15, "low": null, "why": "too few (15 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 1, "parts": [{"text": "", "right": null, "options": [{"rest": 0.20670995670995673, "text": "2", "count": 1, "right": true, "share": {"n": 1, "low": null, "why": "too few (1 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "4", "count": 0, "right": true, "share": {"n": 1, "low": null, "why": "too few (1 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "5", "count": 0, "right": false, "share": {"n": 1, "low": null, "why": "too few (1 of 10)", "high": null, "needs": 10, "value": null}}]}], "typed": [], "content": {"id": "even", "type": "multiple", "points": 2.0, "prompt": "Which are even? Choose all that apply.", "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "5"}], "objective": "know", "explanation": "Even numbers halve."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 1, "low": null, "why": "too few (1 of 10)", "high": null, "needs": 10, "value": null}, "question": "even", "revision": "7e9ae8cddbe8d686", "published_at": "2026-12-01T12:58:52.276548Z", "discrimination": {"n": 1, "low": null, "why": "too few (1 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 16, "parts": [{"text": "", "right": null, "options": [{"rest": -0.04329004329004327, "text": "2", "count": 10, "right": true, "share": {"n": 16, "low": 0.38641040545502725, "why": "", "high": 0.8151876744113637, "needs": 10, "value": 0.625}}, {"rest": -0.10579004329004327, "text": "4", "count": 9, "right": true, "share": {"n": 16, "low": 0.33178556398811904, "why": "", "high": 0.7690134759450764, "needs": 10, "value": 0.5625}}, {"rest": -0.01551226551226549, "text": "zero", "count": 10, "right": true, "share": {"n": 16, "low": 0.38641040545502725, "why": "", "high": 0.8151876744113637, "needs": 10, "value": 0.625}}, {"rest": 0.019209956709956733, "text": "5", "count": 9, "right": false, "share": {"n": 16, "low": 0.33178556398811904, "why": "", "high": 0.7690134759450764, "needs": 10, "value": 0.5625}}]}], "typed": [], "content": {"id": "even", "type": "multiple", "points": 2.0, "prompt": "Which are even? Choose all that apply.", "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "zero", "correct": true}, {"text": "5"}], "objective": "know", "explanation": "Even numbers halve."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 16, "low": 0.21527425670431313, "why": "", "high": 0.6503270233847598, "needs": 10, "value": 0.41666666666666663}, "question": "even", "revision": "6551819cdda07471", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 14, "low": null, "why": "too few (14 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 0, "parts": [{"text": "", "right": null, "options": [{"rest": null, "text": "An umbrella", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "A spoon", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}], "typed": [], "content": {"id": "comma", "type": "single", "prompt": "If it rains, what do you take?", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}], "objective": "know", "explanation": "It keeps you dry."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "question": "comma", "revision": "2f29dd76b00c9cf4", "published_at": "2026-12-01T12:58:52.276548Z", "discrimination": {"n": 0, "low": null, "why": "too few (0 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 21, "parts": [{"text": "", "right": null, "options": [{"rest": 0.030885780885780954, "text": "An umbrella", "count": 19, "right": true, "share": {"n": 21, "low": 0.7108586092608176, "why": "", "high": 0.9734812325619255, "needs": 10, "value": 0.9047619047619048}}, {"rest": -0.0492424242424242, "text": "A spoon", "count": 2, "right": false, "share": {"n": 21, "low": 0.02651876743807452, "why": "", "high": 0.2891413907391825, "needs": 10, "value": 0.09523809523809523}}]}], "typed": [], "content": {"id": "comma", "type": "single", "prompt": "If it rains what do you take?", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}], "objective": "know", "explanation": "It keeps you dry."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 21, "low": 0.7108586092608176, "why": "", "high": 0.9734812325619255, "needs": 10, "value": 0.9047619047619048}, "question": "comma", "revision": "6a3a8f64a1dd62e0", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 15, "low": null, "why": "too few (15 of 30)", "high": null, "needs": 30, "value": null}}]}'),
	('one/second', '2026-12-01 12:58:56.316842+00', 0.03886509700032548, '{"colour": "07aefe012cdaf70a", "sorted": "a72b728901d4972a", "wander": "2bb73ff7a7763e89"}', 24, '{"colour": "", "sorted": "", "wander": ""}', '{"figures": [{"n": 20, "parts": [], "typed": [{"gap": "", "text": "grey", "count": 5}], "content": {"id": "colour", "type": "blank", "blanks": {"colour": {"accept": ["blue"]}}, "prompt": "The clear sky is [[colour]].", "objective": "know", "explanation": "Blue light scatters most."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 20, "low": 0.531299122381256, "why": "", "high": 0.8881382985923343, "needs": 10, "value": 0.75}, "question": "colour", "revision": "07aefe012cdaf70a", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 11, "low": null, "why": "too few (11 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 0, "parts": [{"text": "ant", "right": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "options": [{"rest": null, "text": "1", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "2", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "3", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}, {"text": "cat", "right": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "options": [{"rest": null, "text": "1", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "2", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "3", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}, {"text": "cow", "right": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "options": [{"rest": null, "text": "1", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "2", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "3", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}], "typed": [], "content": {"id": "sorted", "type": "order", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}], "points": 2.0, "prompt": "From small to large.", "objective": "know", "explanation": "By weight."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "question": "sorted", "revision": "a72b728901d4972a", "published_at": "2026-12-01T12:58:52.276548Z", "discrimination": {"n": 0, "low": null, "why": "too few (0 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 22, "parts": [{"text": "ant", "right": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}, "options": [{"rest": -0.041666666666666644, "text": "1", "count": 15, "right": true, "share": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}}, {"rest": -0.4916666666666667, "text": "2", "count": 3, "right": false, "share": {"n": 22, "low": 0.04749003714055253, "why": "", "high": 0.33334987166571717, "needs": 10, "value": 0.13636363636363635}}, {"rest": 0.13333333333333336, "text": "3", "count": 4, "right": false, "share": {"n": 22, "low": 0.07306884583422057, "why": "", "high": 0.3851660743712655, "needs": 10, "value": 0.18181818181818182}}]}, {"text": "cat", "right": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}, "options": [{"rest": -0.24166666666666667, "text": "1", "count": 3, "right": false, "share": {"n": 22, "low": 0.04749003714055253, "why": "", "high": 0.33334987166571717, "needs": 10, "value": 0.13636363636363635}}, {"rest": -0.027380952380952346, "text": "2", "count": 15, "right": true, "share": {"n": 22, "low": 0.4731859774104276, "why": "", "high": 0.8363940681864375, "needs": 10, "value": 0.6818181818181818}}, {"rest": 0.00833333333333336, "text": "3", "count": 4, "right": false, "share": {"n": 22, "low": 0.07306884583422057, "why": "", "high": 0.3851660743712655, "needs": 10, "value": 0.18181818181818182}}]}, {"text": "cow", "right": {"n": 22, "low": 0.42951708090131013, "why": "", "high": 0.8026679532963387, "needs": 10, "value": 0.6363636363636364}, "options": [{"rest": 0.008333333333333373, "text": "1", "count": 4, "right": false, "share": {"n": 22, "low": 0.07306884583422057, "why": "", "high": 0.3851660743712655, "needs": 10, "value": 0.18181818181818182}}, {"rest": 0.25833333333333336, "text": "2", "count": 4, "right": false, "share": {"n": 22, "low": 0.07306884583422057, "why": "", "high": 0.3851660743712655, "needs": 10, "value": 0.18181818181818182}}, {"rest": -0.24166666666666664, "text": "3", "count": 14, "right": true, "share": {"n": 22, "low": 0.42951708090131013, "why": "", "high": 0.8026679532963387, "needs": 10, "value": 0.6363636363636364}}]}], "typed": [], "content": {"id": "sorted", "type": "order", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}], "prompt": "From small to large.", "objective": "know", "explanation": "By weight."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 22, "low": 0.4584562406457567, "why": "", "high": 0.8253254678180364, "needs": 10, "value": 0.6666666666666666}, "question": "sorted", "revision": "18a9c5701e790bef", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 11, "low": null, "why": "too few (11 of 30)", "high": null, "needs": 30, "value": null}}, {"n": 15, "parts": [], "typed": [{"gap": "", "text": "5", "count": 4}], "content": {"id": "wander", "type": "numeric", "answer": 7.0, "prompt": "How many days has a week?", "objective": "know", "explanation": "Seven."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 15, "low": 0.48049565944019434, "why": "", "high": 0.8910254667430761, "needs": 10, "value": 0.7333333333333333}, "question": "wander", "revision": "2bb73ff7a7763e89", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 11, "low": null, "why": "too few (11 of 30)", "high": null, "needs": 30, "value": null}}]}'),
	('two/old-name', '2026-12-01 12:58:56.381009+00', 0.036195334999774786, '{"sum": "9855b832af96ff71", "why": "a43ce0abe72bc3f0"}', 22, '{"sum": "", "why": ""}', '{"figures": [{"n": 16, "parts": [{"text": "", "right": null, "options": [{"rest": null, "text": "Two", "count": 16, "right": true, "share": {"n": 16, "low": 0.8063923194655636, "why": "", "high": 1.0, "needs": 10, "value": 1.0}}, {"rest": null, "text": "Three", "count": 0, "right": false, "share": {"n": 16, "low": 0.0, "why": "", "high": 0.19360768053443644, "needs": 10, "value": 0.0}}]}], "typed": [], "content": {"id": "sum", "type": "single", "prompt": "One plus one?", "options": [{"text": "Two", "correct": true}, {"text": "Three"}], "objective": "know", "explanation": "Add them."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 16, "low": 0.8063923194655636, "why": "", "high": 1.0, "needs": 10, "value": 1.0}, "question": "sum", "revision": "9855b832af96ff71", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": {"n": 0, "low": null, "why": "the lesson asks fewer than 2 other scored questions", "high": null, "needs": 30, "value": null}}, {"n": 0, "parts": [{"text": "", "right": null, "options": [{"rest": null, "text": "Two", "count": 0, "right": false, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}, {"rest": null, "text": "Three", "count": 0, "right": true, "share": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}}]}], "typed": [], "content": {"id": "sum", "type": "single", "prompt": "One plus one?", "options": [{"text": "Two"}, {"text": "Three", "correct": true}], "objective": "know", "explanation": "Add them."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "question": "sum", "revision": "dd34d9bdc1542785", "published_at": "2026-12-01T12:58:53.967190Z", "discrimination": {"n": 0, "low": null, "why": "the lesson asks fewer than 2 other scored questions", "high": null, "needs": 30, "value": null}}, {"n": 21, "parts": [], "typed": [], "content": {"id": "why", "type": "text", "prompt": "Say why you learn.", "checklist": ["It gives a reason"], "objective": "know", "explanation": "Reasons help."}, "seconds": {"n": 0, "low": null, "why": "too few (0 of 10)", "high": null, "needs": 10, "value": null}, "facility": null, "question": "why", "revision": "a43ce0abe72bc3f0", "published_at": "2026-12-01T12:58:48.078437Z", "discrimination": null}]}');



INSERT INTO public.lesson_revision VALUES
	(1, 'one/first', 1, '{"title": "First", "pass_mark": 0.7, "questions": {"even": 2.0, "comma": 1.0, "wander": 1.0, "capital": 1.0}}', '2026-12-01 12:58:48.078437+00'),
	(2, 'one/second', 1, '{"title": "Second", "pass_mark": 0.6, "questions": {"colour": 1.0, "sorted": 1.0}}', '2026-12-01 12:58:48.078437+00'),
	(3, 'two/old-name', 1, '{"title": "Old name", "pass_mark": 0.5, "questions": {"sum": 1.0, "why": 0.0}}', '2026-12-01 12:58:48.078437+00'),
	(4, 'two/gone', 1, '{"title": "Gone", "pass_mark": 0.5, "questions": {"last-one": 1.0}}', '2026-12-01 12:58:48.078437+00'),
	(5, 'one/first', 2, '{"title": "First", "pass_mark": 0.7, "questions": {"even": 2.0, "comma": 1.0, "capital": 1.0}}', '2026-12-01 12:58:52.276548+00'),
	(6, 'one/second', 2, '{"title": "Second", "pass_mark": 0.6, "questions": {"colour": 1.0, "sorted": 2.0, "wander": 1.0}}', '2026-12-01 12:58:52.276548+00');



INSERT INTO public.lesson_visit VALUES
	(1, 'one/first', '2026-12-01 12:58:49.212434+00', '2026-12-01 12:58:49.207486+00', NULL),
	(2, 'one/first', '2026-12-01 12:58:49.230254+00', '2026-12-01 12:58:49.229502+00', NULL),
	(3, 'one/first', '2026-12-01 12:58:49.241427+00', '2026-12-01 12:58:49.240554+00', NULL),
	(4, 'one/first', '2026-12-01 12:58:49.248768+00', '2026-12-01 12:58:49.247997+00', NULL),
	(5, 'one/first', '2026-12-01 12:58:49.255788+00', '2026-12-01 12:58:49.255046+00', NULL),
	(6, 'one/first', '2026-12-01 12:58:49.263988+00', '2026-12-01 12:58:49.262931+00', NULL),
	(1, 'one/second', '2026-12-01 12:58:49.267393+00', '2026-12-01 12:58:49.267396+00', '2026-12-01 12:58:49.268537+00');



INSERT INTO public.mail_token VALUES
	(1, '52f20358c0fc19145ebbe067da8e52cdbc1b72fb4e40ab3dd67e9dd78eb3274f', 'reset', 'learner1@example.org', 2, NULL, '2026-12-01 12:58:49.286823+00', '2026-12-01 13:58:49.286823+00', NULL),
	(2, 'b2474c05e23c593bdda31a5d720482cb252fedb5883fe3cbf78671fe3f191a3a', 'sign-in', 'learner2@example.org', NULL, NULL, '2026-12-01 12:58:49.289469+00', '2026-12-01 13:18:49.289469+00', NULL);



INSERT INTO public.mark VALUES
	(1, 'a6a3a450-6513-270e-269e-0d37f2a74de4', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(2, 'eeeacbe2-26e8-7555-5790-f82ec1d3fcff', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(3, '1df9fd78-9c65-3938-2b05-37e65affb229', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(5, '2ac34446-e883-a1d4-5de0-099784b5a818', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(6, 'f26149ed-be4c-5ce6-66c1-494e7691b06f', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(7, '8e752fdf-1ece-615d-b9a6-442e9e7d6b37', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(8, 'fe7b8ae4-6e78-36a4-b4d1-9ec12955d6f0', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(11, 'aa4c5c60-15a0-cce6-0e2e-c40a29ca862d', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(12, '26433798-7e83-4904-fc17-3498b87e4e2b', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(16, '51bcd77a-1751-f579-8e4d-c3a3578a60d8', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(17, '72ee6a2e-f8e4-cb5c-77d8-c569daff9a0b', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(17, '26edf1bd-2785-5798-394a-fbe91bea705e', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(18, '0e28b64f-4eb1-9fca-a64f-7613b4642ea4', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(19, 'b5b94af3-0d45-6be0-6a56-aac3245448c8', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(19, 'b647e8a8-e5ee-4c91-731b-bc4164b0bb14', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(20, '52c4641b-316a-2a12-7243-d47ceb64c5c4', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(20, 'a1b49bf7-07c0-909c-797b-1538e5a15b79', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(21, '6e106c0e-e9de-0479-4044-9aa0ca304218', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(22, '4485c04f-911f-52dc-4786-8e4a4b354e93', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(23, '72f92026-2d81-9d38-ddba-8547833e469f', 1, 1, 1, '2026-12-01 12:58:52.276548+00'),
	(2, '72db3a52-6343-4981-986d-702fbb5fc6d4', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(27, '1380d0c7-f0c2-49c7-a50b-95ee331c5851', 1, 0, 1, '2026-12-01 12:58:52.276548+00'),
	(1, '0ed90475-9531-985d-5d9d-c9f81818e811', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(1, 'd3ac94af-0f21-ddb6-6cad-4a268d116ece', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(3, 'bd0561e6-211c-70cf-4995-2399c4aaeac1', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(5, '80b0c08b-c770-2420-8aa4-248c8857f9a4', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(6, '070d7109-2085-9634-fe3c-9c8f2b855c1f', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(7, 'c8c614b2-7b84-44d1-8e31-704187ddaeb7', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(7, '8fcd7f40-73c1-cd2c-81f9-8b521905d591', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(8, '518ae452-5b4b-1b75-321c-52966bd8c676', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(11, '99498ac4-482c-c78e-f88e-de10aba8b9b3', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(11, '54348156-f637-a468-5d38-5e064363e5d9', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(12, 'd329d65c-0b35-b1de-250e-7b34a4aa07b4', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(12, 'c0bbe6ed-8614-f504-e8ee-65a123a9a9da', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(13, 'a6caf4a3-4102-3aed-54ef-125a25bda659', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(13, '197a14e2-ac08-4ba5-f8f6-59ac44ce4ab3', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(14, '24056360-ba28-a679-4d4c-a9c767c98fb9', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(16, 'e322e96d-33bf-9157-91d2-77f2cf321d63', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(18, '6b86290b-a5ac-d341-aca9-9fd0e2856ec6', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(20, '76cc0573-08ec-379a-6025-33dc0a68013d', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(21, '023a80a2-2ed5-1b12-7f1d-490eed97ec76', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(22, '2f8c6c08-3f57-83ea-707c-5f3d32fe1f36', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(24, '5b7042df-e239-d3d7-9107-756fbece7145', 2, NULL, NULL, '2026-12-01 12:58:52.276548+00'),
	(4, '3d2c19a9-9006-4d60-afcb-d363122c1ada', 1, 0, 1, '2026-12-01 12:58:53.11622+00');






INSERT INTO public.outline VALUES
	(1, '["one/first", "one/second", "two/old-name", "two/gone"]', '2026-12-01 12:58:48.078437+00'),
	(2, '["one/first", "one/second", "two/old-name"]', '2026-12-01 12:58:52.276548+00');



INSERT INTO public.publication VALUES
	(1, '2026-12-01 12:58:48.078437+00', 'Ada <ada@example.org>', 'c8892dbaa9d5668f65ad65b0cb38565907e3a828', '{"up": 0, "down": 0, "gone": 0, "same": 0, "void": 0, "unknown": 0, "to_right": 0, "questions": 9, "from_right": 0}', NULL, NULL, '{}'),
	(2, '2026-12-01 12:58:52.276548+00', 'Ada <ada@example.org>', 'c30ee301932353e4bff1e6d64206e851e9532c02', '{"up": 6, "down": 16, "gone": 0, "same": 31, "void": 21, "unknown": 0, "to_right": 6, "questions": 6, "from_right": 16}', NULL, NULL, '{"even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]], "capital": [["88f0a8e", "66ca0d0", "regrade"]]}'),
	(3, '2026-12-01 12:58:53.96719+00', 'Ada <ada@example.org>', 'de8fa2cc94c8f9ab593b97eaaca6d9f4f7180fd3', '{"up": 0, "down": 0, "gone": 0, "same": 19, "void": 0, "unknown": 0, "to_right": 0, "questions": 1, "from_right": 0}', '2026-12-01 12:58:54.211654+00', 'Ada <ada@example.org>', '{"sum": [["9855b83", "dd34d9b", "re-ask"]], "even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]], "capital": [["88f0a8e", "66ca0d0", "regrade"]]}'),
	(4, '2026-12-01 12:58:55.458578+00', 'Ada <ada@example.org>', '140d8a44c9aea890ac1c9098b1f8684661b034bd', '{"up": 0, "down": 0, "gone": 0, "same": 0, "void": 0, "unknown": 0, "to_right": 0, "questions": 0, "from_right": 0}', NULL, NULL, '{"even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]], "capital": [["88f0a8e", "66ca0d0", "regrade"]]}');



INSERT INTO public.question_revision VALUES
	(1, 'capital', '88f0a8e47e4d4a58', '80645fa4eaccab49', '{"id": "capital", "type": "single", "prompt": "What is the capital of Australia?", "options": [{"text": "Sydney", "correct": true, "feedback": "The largest city."}, {"text": "Canberra", "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}], "objective": "know", "explanation": "Canberra was founded to be the capital."}', '2026-12-01 12:58:48.078437+00'),
	(2, 'even', '6551819cdda07471', '5f0ab37c1c8d9172', '{"id": "even", "type": "multiple", "points": 2.0, "prompt": "Which are even? Choose all that apply.", "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "zero", "correct": true}, {"text": "5"}], "objective": "know", "explanation": "Even numbers halve."}', '2026-12-01 12:58:48.078437+00'),
	(3, 'comma', '6a3a8f64a1dd62e0', 'f31ca1be7f85760c', '{"id": "comma", "type": "single", "prompt": "If it rains what do you take?", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}], "objective": "know", "explanation": "It keeps you dry."}', '2026-12-01 12:58:48.078437+00'),
	(4, 'wander', '2bb73ff7a7763e89', '558409bca05dc6a4', '{"id": "wander", "type": "numeric", "answer": 7.0, "prompt": "How many days has a week?", "objective": "know", "explanation": "Seven."}', '2026-12-01 12:58:48.078437+00'),
	(5, 'colour', '07aefe012cdaf70a', '718918c657626931', '{"id": "colour", "type": "blank", "blanks": {"colour": {"accept": ["blue"]}}, "prompt": "The clear sky is [[colour]].", "objective": "know", "explanation": "Blue light scatters most."}', '2026-12-01 12:58:48.078437+00'),
	(6, 'sorted', '18a9c5701e790bef', '8378c0ee91cced80', '{"id": "sorted", "type": "order", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}], "prompt": "From small to large.", "objective": "know", "explanation": "By weight."}', '2026-12-01 12:58:48.078437+00'),
	(7, 'sum', '9855b832af96ff71', 'b9862f5664739f15', '{"id": "sum", "type": "single", "prompt": "One plus one?", "options": [{"text": "Two", "correct": true}, {"text": "Three"}], "objective": "know", "explanation": "Add them."}', '2026-12-01 12:58:48.078437+00'),
	(8, 'why', 'a43ce0abe72bc3f0', '211f265c2fc38a07', '{"id": "why", "type": "text", "prompt": "Say why you learn.", "checklist": ["It gives a reason"], "objective": "know", "explanation": "Reasons help."}', '2026-12-01 12:58:48.078437+00'),
	(9, 'last-one', '1bb09c11c52153c2', 'e4f92cb3bad679b8', '{"id": "last-one", "type": "single", "prompt": "Is this the end?", "options": [{"text": "Yes", "correct": true}, {"text": "No"}], "objective": "know", "explanation": "It is."}', '2026-12-01 12:58:48.078437+00'),
	(55, 'capital', '66ca0d03d00e7847', '68fb087c9b895410', '{"id": "capital", "type": "single", "prompt": "What is the capital of Australia?", "options": [{"text": "Sydney", "feedback": "The largest city."}, {"text": "Canberra", "correct": true, "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}], "objective": "know", "explanation": "Canberra was founded to be the capital."}', '2026-12-01 12:58:52.276548+00'),
	(56, 'even', '7e9ae8cddbe8d686', '2768ad82446effe3', '{"id": "even", "type": "multiple", "points": 2.0, "prompt": "Which are even? Choose all that apply.", "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "5"}], "objective": "know", "explanation": "Even numbers halve."}', '2026-12-01 12:58:52.276548+00'),
	(57, 'comma', '2f29dd76b00c9cf4', 'b2ff61661f7e2d79', '{"id": "comma", "type": "single", "prompt": "If it rains, what do you take?", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}], "objective": "know", "explanation": "It keeps you dry."}', '2026-12-01 12:58:52.276548+00'),
	(59, 'sorted', 'a72b728901d4972a', '03ff2b444edd95ca', '{"id": "sorted", "type": "order", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}], "points": 2.0, "prompt": "From small to large.", "objective": "know", "explanation": "By weight."}', '2026-12-01 12:58:52.276548+00'),
	(93, 'sum', 'dd34d9bdc1542785', '17784356501d36e4', '{"id": "sum", "type": "single", "prompt": "One plus one?", "options": [{"text": "Two"}, {"text": "Three", "correct": true}], "objective": "know", "explanation": "Add them."}', '2026-12-01 12:58:53.96719+00');






INSERT INTO public.sign_in VALUES
	(1, 1, 'a3fda044483af60dcb985b874030b3e29cb9174593459d12c4aa76a08f989a4f', 'Firefox/1', '2026-12-01 12:58:49.205948+00', '2026-12-01 12:58:49.205954+00', NULL),
	(2, 2, '534b21ce29456198c34dd75e55af51110a732c454ead75e1b6111ec734132069', 'Firefox/1', '2026-12-01 12:58:49.228912+00', '2026-12-01 12:58:49.228915+00', NULL),
	(3, 3, '25c02741d90d70c50b36ab0845d243cb4e88ef010465921f6f1ee8a11bcc26a2', 'Firefox/1', '2026-12-01 12:58:49.239762+00', '2026-12-01 12:58:49.239767+00', NULL),
	(4, 4, '9199d2573808b9364091976d978d6b6dc988e44865794f0b61487cebea2e734c', 'Firefox/1', '2026-12-01 12:58:49.247581+00', '2026-12-01 12:58:49.247583+00', NULL),
	(5, 5, 'aff61589eb20a9a9dcd6fed281ae58c1e960ac3a8d38ef56cf4d2f91860f12e6', 'Firefox/1', '2026-12-01 12:58:49.254297+00', '2026-12-01 12:58:49.2543+00', NULL),
	(6, 6, 'b8103e2458fed4756504f6e221e8db185fddc5f08aed85a0c7ae3ed9bfe3fe74', 'Firefox/1', '2026-12-01 12:58:49.260861+00', '2026-12-01 12:58:49.260864+00', NULL),
	(7, 26, 'b5d3a770963770494708f3821f9ff1e9739efdbb9dfe1d7c81f22a10fa747a85', 'Safari/1', '2026-12-01 12:58:49.292059+00', '2026-12-01 12:58:49.292061+00', '2026-12-01 12:58:49.322399+00'),
	(8, 2, 'f28af3dc29e05572d9717a78719a655f6da0e5ad70e16e061d446c630c7ccee7', 'Safari/1', '2026-12-01 12:58:49.34339+00', '2026-12-01 12:58:49.343395+00', NULL);



SELECT pg_catalog.setval('public.decision_id_seq', 4, true);



SELECT pg_catalog.setval('public.learner_id_seq', 27, true);



SELECT pg_catalog.setval('public.lesson_revision_id_seq', 6, true);



SELECT pg_catalog.setval('public.mail_token_id_seq', 2, true);



SELECT pg_catalog.setval('public.outgoing_mail_id_seq', 1, false);



SELECT pg_catalog.setval('public.question_revision_id_seq', 126, true);



SELECT pg_catalog.setval('public.sign_in_id_seq', 8, true);



ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);



ALTER TABLE ONLY public.account
    ADD CONSTRAINT pk_account PRIMARY KEY (learner_id);



ALTER TABLE ONLY public.answer
    ADD CONSTRAINT pk_answer PRIMARY KEY (learner_id, client_id);



ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT pk_attempt PRIMARY KEY (learner_id, lesson, number);



ALTER TABLE ONLY public.decision
    ADD CONSTRAINT pk_decision PRIMARY KEY (id);



ALTER TABLE ONLY public.granted_completion
    ADD CONSTRAINT pk_granted_completion PRIMARY KEY (learner_id, lesson);



ALTER TABLE ONLY public.learner
    ADD CONSTRAINT pk_learner PRIMARY KEY (id);



ALTER TABLE ONLY public.lesson_figures
    ADD CONSTRAINT pk_lesson_figures PRIMARY KEY (lesson);



ALTER TABLE ONLY public.lesson_revision
    ADD CONSTRAINT pk_lesson_revision PRIMARY KEY (id);



ALTER TABLE ONLY public.lesson_visit
    ADD CONSTRAINT pk_lesson_visit PRIMARY KEY (learner_id, lesson);



ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT pk_mail_token PRIMARY KEY (id);



ALTER TABLE ONLY public.mark
    ADD CONSTRAINT pk_mark PRIMARY KEY (learner_id, client_id, decision_id);



ALTER TABLE ONLY public.outgoing_mail
    ADD CONSTRAINT pk_outgoing_mail PRIMARY KEY (id);



ALTER TABLE ONLY public.outline
    ADD CONSTRAINT pk_outline PRIMARY KEY (number);



ALTER TABLE ONLY public.publication
    ADD CONSTRAINT pk_publication PRIMARY KEY (number);



ALTER TABLE ONLY public.question_revision
    ADD CONSTRAINT pk_question_revision PRIMARY KEY (id);



ALTER TABLE ONLY public.rate_limit
    ADD CONSTRAINT pk_rate_limit PRIMARY KEY (name);



ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT pk_sign_in PRIMARY KEY (id);



ALTER TABLE ONLY public.account
    ADD CONSTRAINT uq_account_mail UNIQUE (mail);



ALTER TABLE ONLY public.answer
    ADD CONSTRAINT uq_answer_learner_id_question_attempt UNIQUE (learner_id, question, attempt);



ALTER TABLE ONLY public.decision
    ADD CONSTRAINT uq_decision_publication_question_old UNIQUE (publication, question, old);



ALTER TABLE ONLY public.lesson_revision
    ADD CONSTRAINT uq_lesson_revision_lesson_number UNIQUE (lesson, number);



ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT uq_mail_token_token_hash UNIQUE (token_hash);



ALTER TABLE ONLY public.question_revision
    ADD CONSTRAINT uq_question_revision_question_revision_wording UNIQUE (question, revision, wording);



ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash);



CREATE INDEX ix_answer_question_recorded_at ON public.answer USING btree (question, recorded_at);



CREATE INDEX ix_answer_question_revision_id ON public.answer USING btree (question_revision_id);



CREATE INDEX ix_learner_merged_into ON public.learner USING btree (merged_into);



CREATE INDEX ix_mail_token_learner_id ON public.mail_token USING btree (learner_id);



CREATE INDEX ix_mail_token_mail ON public.mail_token USING btree (mail);



CREATE INDEX ix_mark_decision_id ON public.mark USING btree (decision_id);



CREATE INDEX ix_outgoing_mail_mail_token_id ON public.outgoing_mail USING btree (mail_token_id);



CREATE INDEX ix_outgoing_mail_network_created_at ON public.outgoing_mail USING btree (network, created_at);



CREATE INDEX ix_outgoing_mail_next_attempt_at ON public.outgoing_mail USING btree (next_attempt_at);



CREATE INDEX ix_outgoing_mail_recipient_created_at ON public.outgoing_mail USING btree (recipient, created_at);



CREATE INDEX ix_rate_limit_ends_at ON public.rate_limit USING btree (ends_at);



CREATE INDEX ix_sign_in_learner_id ON public.sign_in USING btree (learner_id);



ALTER TABLE ONLY public.account
    ADD CONSTRAINT fk_account_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.answer
    ADD CONSTRAINT fk_answer_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.answer
    ADD CONSTRAINT fk_answer_learner_id_lesson_attempt_attempt FOREIGN KEY (learner_id, lesson, attempt) REFERENCES public.attempt(learner_id, lesson, number) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.answer
    ADD CONSTRAINT fk_answer_question_revision_id_question_revision FOREIGN KEY (question_revision_id) REFERENCES public.question_revision(id);



ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT fk_attempt_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.decision
    ADD CONSTRAINT fk_decision_publication_publication FOREIGN KEY (publication) REFERENCES public.publication(number);



ALTER TABLE ONLY public.granted_completion
    ADD CONSTRAINT fk_granted_completion_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.learner
    ADD CONSTRAINT fk_learner_merged_into_learner FOREIGN KEY (merged_into) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.lesson_visit
    ADD CONSTRAINT fk_lesson_visit_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT fk_mail_token_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;



ALTER TABLE ONLY public.mark
    ADD CONSTRAINT fk_mark_decision_id_decision FOREIGN KEY (decision_id) REFERENCES public.decision(id);



ALTER TABLE ONLY public.mark
    ADD CONSTRAINT fk_mark_learner_id_client_id_answer FOREIGN KEY (learner_id, client_id) REFERENCES public.answer(learner_id, client_id) ON UPDATE CASCADE ON DELETE CASCADE;



ALTER TABLE ONLY public.outgoing_mail
    ADD CONSTRAINT fk_outgoing_mail_mail_token_id_mail_token FOREIGN KEY (mail_token_id) REFERENCES public.mail_token(id) ON DELETE SET NULL;



ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT fk_sign_in_learner_id_learner FOREIGN KEY (learner_id) REFERENCES public.learner(id) ON DELETE CASCADE;




