--
-- PostgreSQL database dump
--

\restrict WIEJcbzJrQyT3O5a010FFxmisIYwcCQoozCqKIo1jsohqR6oHCz5nglLx2J9chz

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: applications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.applications (
    order_id text NOT NULL,
    org_code text NOT NULL,
    company text NOT NULL,
    years bigint NOT NULL,
    delivery text NOT NULL,
    pin_way text NOT NULL,
    details_sealed bytea NOT NULL
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL,
    before_hash bytea NOT NULL,
    hash bytea NOT NULL
);


--
-- Name: certificates; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.certificates (
    id text NOT NULL,
    serial_number text NOT NULL,
    algorithm text NOT NULL,
    kind text NOT NULL,
    key_serial text NOT NULL,
    container text NOT NULL,
    pair text NOT NULL,
    subject text NOT NULL,
    fingerprint text NOT NULL,
    der bytea NOT NULL,
    enc_key_sealed bytea,
    not_before bigint NOT NULL,
    not_after bigint NOT NULL,
    state text NOT NULL,
    revoked_at bigint NOT NULL,
    reason bigint NOT NULL,
    created_at bigint NOT NULL,
    identity_sealed bytea
);


--
-- Name: codes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.codes (
    id text NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    secret_sealed bytea,
    code_hash bytea NOT NULL,
    tries_left bigint NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: crls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.crls (
    algorithm text NOT NULL,
    number bigint NOT NULL,
    revoked bigint NOT NULL,
    made_at bigint NOT NULL,
    next_at bigint NOT NULL,
    der bytea NOT NULL
);


--
-- Name: customer_sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customer_sessions (
    token_hash text NOT NULL,
    org_code text NOT NULL,
    phone_sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: device_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.device_keys (
    serial text NOT NULL,
    key_sealed bytea NOT NULL,
    is_set bigint NOT NULL,
    made_at bigint NOT NULL
);


--
-- Name: documents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.documents (
    order_id text NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: idempotency; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    state text NOT NULL,
    locked_until bigint NOT NULL,
    status bigint NOT NULL,
    type text NOT NULL,
    body bytea,
    expires_at bigint NOT NULL
);


--
-- Name: invoices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices (
    id text NOT NULL,
    order_id text NOT NULL,
    state text NOT NULL,
    number text NOT NULL,
    reason text NOT NULL,
    asked_at bigint NOT NULL,
    issued_at bigint NOT NULL,
    mailed bigint NOT NULL
);


--
-- Name: issues; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.issues (
    order_id text NOT NULL,
    round bigint NOT NULL,
    key_hash text NOT NULL,
    sign_certificate text NOT NULL,
    enc_certificate text NOT NULL,
    envelope bytea NOT NULL
);


--
-- Name: issuing; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.issuing (
    id text NOT NULL,
    serial_number text NOT NULL,
    algorithm text NOT NULL,
    not_after bigint NOT NULL,
    made_at bigint NOT NULL
);


--
-- Name: kept_pins; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.kept_pins (
    id text NOT NULL,
    serial text NOT NULL,
    pin_sealed bytea NOT NULL,
    unlock_id text NOT NULL,
    kept_at bigint NOT NULL
);


--
-- Name: key_contacts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.key_contacts (
    serial text NOT NULL,
    phone text NOT NULL
);


--
-- Name: keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.keys (
    serial text NOT NULL,
    dialect text NOT NULL,
    shape text NOT NULL,
    application text NOT NULL,
    phone text NOT NULL,
    phone_since bigint NOT NULL,
    holder text NOT NULL,
    company text NOT NULL,
    state text NOT NULL,
    admin_sealed bytea NOT NULL,
    pending_sealed bytea,
    pending_by text,
    use_pending bigint NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL
);


--
-- Name: limits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.limits (
    scope text NOT NULL,
    subject text NOT NULL,
    slot bigint NOT NULL,
    used bigint NOT NULL,
    until bigint NOT NULL
);


--
-- Name: nonces; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.nonces (
    nonce text NOT NULL,
    purpose text NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: order_phones; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.order_phones (
    order_id text NOT NULL,
    role text NOT NULL,
    phone_hash text NOT NULL
);


--
-- Name: orders; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orders (
    id text NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    key_serial text NOT NULL,
    container text NOT NULL,
    algorithm text NOT NULL,
    old_certificate text NOT NULL,
    new_certificate text,
    amount_fen bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    old_not_after bigint NOT NULL,
    new_not_after bigint NOT NULL,
    qr_code text,
    trade_no text,
    paid_at bigint NOT NULL,
    round bigint NOT NULL,
    qr_made_at bigint DEFAULT 0 NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    id text NOT NULL,
    kind text NOT NULL,
    dedupe text NOT NULL,
    payload_sealed bytea,
    state text NOT NULL,
    attempts bigint NOT NULL,
    next_at bigint NOT NULL,
    created_at bigint NOT NULL,
    give_up_at bigint NOT NULL,
    done_at bigint NOT NULL,
    last_error text NOT NULL
);


--
-- Name: pay_notices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pay_notices (
    notify_id text NOT NULL,
    order_id text NOT NULL,
    trade_no text NOT NULL,
    amount_fen bigint NOT NULL,
    received_at bigint NOT NULL
);


--
-- Name: productions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.productions (
    id text NOT NULL,
    order_id text NOT NULL,
    serial text NOT NULL,
    state text NOT NULL,
    dialect text NOT NULL,
    shape text NOT NULL,
    application text NOT NULL,
    admin_sealed bytea,
    pin_sealed bytea,
    sign_certificate text NOT NULL,
    rounds bigint NOT NULL,
    begun_at bigint NOT NULL,
    begun_by text NOT NULL,
    made_at bigint NOT NULL,
    pin_sent_at bigint NOT NULL,
    courier text NOT NULL,
    tracking text NOT NULL,
    given_at bigint NOT NULL,
    given_by text NOT NULL,
    reason text NOT NULL
);


--
-- Name: reviews; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reviews (
    id text NOT NULL,
    order_id text NOT NULL,
    state text NOT NULL,
    entered_at bigint NOT NULL,
    due_at bigint NOT NULL,
    guessed bigint NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at bigint NOT NULL
);


--
-- Name: schema_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_version (
    one bigint NOT NULL,
    version bigint
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    token_hash text NOT NULL,
    certificate text NOT NULL,
    purpose text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: staff; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.staff (
    name text NOT NULL,
    roles text NOT NULL,
    state text NOT NULL,
    scrypt_log_n bigint NOT NULL,
    scrypt_r bigint NOT NULL,
    scrypt_p bigint NOT NULL,
    salt bytea NOT NULL,
    password_hash bytea NOT NULL,
    totp_sealed bytea NOT NULL,
    totp_step bigint NOT NULL,
    known text NOT NULL,
    created_at bigint NOT NULL,
    login_at bigint NOT NULL
);


--
-- Name: staff_sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.staff_sessions (
    token_hash text NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: unlock_rounds; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unlock_rounds (
    unlock_id text NOT NULL,
    message_hash text NOT NULL,
    answer_sealed bytea NOT NULL
);


--
-- Name: unlocks; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unlocks (
    id text NOT NULL,
    serial text NOT NULL,
    matched bigint NOT NULL,
    state text NOT NULL,
    code_hash bytea NOT NULL,
    tries_left bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    suspend_hash bytea NOT NULL,
    client_hash bytea,
    first_at bigint NOT NULL,
    redemptions bigint NOT NULL,
    rounds bigint NOT NULL,
    pin_sealed bytea,
    slot bigint NOT NULL,
    swapped bigint NOT NULL,
    pin_sent bigint NOT NULL,
    expects text NOT NULL,
    address text NOT NULL,
    done_at bigint NOT NULL
);


--
-- Name: uploads; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.uploads (
    digest text NOT NULL,
    type text NOT NULL,
    size bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: verifications; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.verifications (
    id text NOT NULL,
    order_id text NOT NULL,
    purpose text NOT NULL,
    way text NOT NULL,
    state text NOT NULL,
    code_id text,
    failing bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Data for Name: applications; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.applications VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', '91110108MA0123456G', '示例科技有限公司', 1, 'pick-up', 'sms', '\x0178514cbdf1b4ca57e672a13c154276e8a9c2415a4fd914de1b586e730a2544c706f9cc12660754ca436d5505ead25c61108f5573764650ef49190fccca1b38f3889aad8eda25004458ef018a65c5bfdf322ce9ccea140fc53c39d6a14ac3bec0af81cdd9c5443e1a23b333899dbbd1377463a0db733191f348b9bce79f57a74f883548780ce9369ffd8d3a72d6fa184d4e656964265cdb00fff8481212232f666b33dcc00aa8c04ccf58f6ddd4f1d59bec6a16bf6b1fb42efd90582b6081cbf9c9a7fdd4bcb47f6d80b2b216cb697ec8747d744268fca3e31b6caecf70612ca7943399f230fa8c89e1fa490455452482b538f6e2d7032651ff27ac547b56a6dc851c939ebbb3ff848297d55b45ec526263505ca4265d19cd5a4b6af48383cd6994d18ede00ca0e4f5526d91d2b753effb9d0bbd4b0aeece280fb50300a7e1c02e5a9bcff8d5df4994771ec8d1c62cb7034e52dbe79b33debcbb9335eafe19d37cf44e89ff38c5ec4ef3584d0caab63c1acd6de3a25af5675f8118899adc794d8cff61a51803f21ab4cce103e6da128d8b2a8a4895a35c36cb85f9e6bc2711551ac4876fcddbf588c019ff8d26a46d8c09910a44daaa39379eab81dfe83dcc551fe639f694690dd4073cd7cd507a2d9c9f4183b5792ad5dce5765d9350b787c652f05535571802c44656c8d51848d9bb4257de618bdb75cbf85fba88ef4c225057504463fa02e0477d9b8171efae6d22f935da8b53053583bc5722a08e1625aea198517b539c93404b001bf8c0754ba69c0e4ddfa61769ae66883cad43ba78649d845a85f7087607618a3875cd3bb475934e2a9c8ede35d46e41c25dd4366b2d9f2dfdf0f1b96cef36e60f091e5dfd08c69fdd65c4a94888cf35a943781e8b8e2744fd0db2df590483b0e622c7cb733ce4cd6171e4814416f00c3992931889e0bdea082535a1be5703b2bb9e1cf462e73');
INSERT INTO public.applications VALUES ('01M8FXPJ49361WJBNJ1KF237C0', '91110108MA0123456G', '示例科技有限公司', 1, 'post', 'sms', '\x0178514cbdf1b4ca577f8c3f2f9f9098625145c49f65ea54a7e7f48debc3542502d6d34b98e0416153f6b0b1c2390b93eca00414b5b203210e8c6af8044cb9317c9547daa23790b2b2f68d641bbcef267d752689f79583d146d3103c2b5e4060628f65010f1e701aeaac91043467dc108bfbac79fca3b53a1ff902fb87b0f7f41a3b6cbb35ad157115b857042db4568b1d3f0e18c609cf852f0fb3d37e613abebb08b1ea585df4b64155c2e49e67b274f03e55bb0dcb192ef3bf49376938d6a1cb0f4c2f63d9daecb6d092c39a16bde34de68b8bec19d246e3c1dac93fde016f2317e039798fdde10006f3f7f5b8589af0f29e52953e7781a8a5ff4dd085cf9ce293c270c7c2733c0e72f3bdd453317382a2ccfd443f6915330a69902b2af0e38e778e34dc8d65d099cac3f4226e8669db22aa474bae532add7b7444be516bd2d0925b8a9ad3c8277825509b35814c1cd15f17c616589d828ab6f951af8ff0b8c5b8d71283de99c00f1927d8444d4dccc720bf2b9ee98352031b66e5e3cca3e92b2f7c09d8abc5a478c06fc92a9129f0b1c10c1ca9d443fef3ba77a021169861e1cd06b16e1a7b67eb567c22d036eda0c685811f729b08ec8ae9cd68174ca322a5287a924f3308dd26e9fb814d45cca75c18c0493fadf40349429edffa8dc23c4d9232970e4d3e89a401f1ba87c02e31cc199f8b8c84fc0e44d88f2251ea1ca6a0c5f4a7515b215ecd30f9cf7914a163bec65cc049367c9354fa4200de8be4af9d64e6cefdf892aa2df1d5e185861c996fd9d125bfe9a36ef44bb2a1bf3e7898e3349f99b7de635b770e2e6173dba57f7bfab087368847dfef1bf3f78e4ae018eb1a19b6526418e5c66f027571f2773539b2b75f5613036fd977d1d3a250cdcf8b1efa9a1be972c07713fe7ee659c1d60daf2e3783e0a08d10db8ea690579e64a8dd1164fa5ac6f82f3969ac109eada17c1874dbdc9383877931ea6882f5fd27f47697d93810918d9deae84549023bb848185ea320afca92fb1238339ceda4b0ff86b2bc87b947c711628d69f175b9a41a4ffde2b63d8882189c45d7708ac60a81321af420');
INSERT INTO public.applications VALUES ('01M8FXPKQ4B9R25EGCJB1T1EP4', '91110108MA0123456G', '示例科技有限公司', 1, 'post', 'sms', '\x0178514cbdf1b4ca57f62a2e76aa1c69e708736d3b403392a323101f64321df467ae2a2a9f8fd200080aabf6213a217c8712004870871b9c0439473f151922531e9da58a010dead682a66d2cc5e65b4b3d699c3006427a70341ca28e6fbf2fd07046227571a33ed82e7e235420edeb5785f5f387433a24c3200084a8bccf7deef59c98070aff571825ddc5c5af8f9011b8d57e10933f7e64089305f2d43325e78da26c62568421cdc4929ce10400c2a180dcf7b44e8e8f42e00743be60aca067a05886167283be0d9bbce19f368cbfc5d13a1b3fc4846f19d0ac31e1c0070bde7fb4e15916957c7eeb454c2e2e3748562db2e156e1937b85ea238e704537d2c2401bbffd309d73ec8df4713968ba48182aacdb7604988806e05780488212270319dab6d8a98f6ce9d6aff989038ba9848eaab98d0db10729ba6b5b714ee411a0456bb7ab2a2f7ca8ecccecd5913014fb1f75b92909d83ce48a084642ca97908f2ad6357ba93e06acddbae3b45118aa9c77734c0f679fc3f76226c37421606907ce40db7ee5d90c14e3815a02bdea3b404bbd88e5e9d6ec5f48336c5f5e457cb3757f9a1edb5e2bec4d6a19cbba6a11ccbfb0046c32bd18438080242e095f58ca99e66c08c244a6e544aaf1bd2dd77c678045cbc9d3c52df021dc9a4a709ebf7e2ca9765de84a14e5e13a43eaade721961ecf050f7d49aa93c5e1deb6036f4402475a6edd07261d81a509899ed6b356a7f5ed58f5c2b8f0760218b3b53e4035ee7fea91c7ccb5c7510d3577a5d499812676b25ba8247d8433756062ba0f1f7b1f9c0069dc051519513aa30a50158183ffb8723ed4d70aaea6b803d27fd16efcca85fe431e921575710c3a939cf0d81078f93d02b9341790111b615d88afaf1230918f915bfbf02605549cf68e43b5de26844a1f0a13dabb3ff9b2808a2cc9a458d75143e15f51026acbd482414cb8508295f3615ce14a7bbf18b10164e56a0a9871854dfc1f2c876ae73794c4a65441eb9ddb9db1328920ac66c70a7d9287881f5f52debaa7405682639a1eea6288f3ed75094a316254b8992aef2109fd35c1cc49646e7acf');


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES (1, 1795830782887, 'staff:uid-0', '', 'key.added', 'key:OLD1', 'direct', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x849186a58bc4dbff3eace8231d37cc57af4838c42a2f54c940b43badb6534ad9');
INSERT INTO public.audit VALUES (2, 1795830782944, 'staff:uid-0', '', 'key.added', 'key:OLD2', 'admin-first', '\x849186a58bc4dbff3eace8231d37cc57af4838c42a2f54c940b43badb6534ad9', '\x1fc8c3758614feeb0b788a60ff2cacd8b866e1c8f68264ad334f784ac2d2236b');
INSERT INTO public.audit VALUES (3, 1795830782973, 'anonymous', '127.0.0.1', 'unlock.requested', 'unlock:01M8FXP6ZWFA0VZ969J3QE942Y', 'key OLD1, code sent', '\x1fc8c3758614feeb0b788a60ff2cacd8b866e1c8f68264ad334f784ac2d2236b', '\xc680587ce5b498a27dc791dd68397a74154d4ae6854f6eec38fe8a8e454197c3');
INSERT INTO public.audit VALUES (4, 1795830783056, 'anonymous', '127.0.0.1', 'unlock.redeemed', 'unlock:01M8FXP6ZWFA0VZ969J3QE942Y', 'OLD1', '\xc680587ce5b498a27dc791dd68397a74154d4ae6854f6eec38fe8a8e454197c3', '\x38a07195caea9833f39ac45c507d7f13cc79eac786dd6f4f3181a76668e4d61c');
INSERT INTO public.audit VALUES (5, 1795830783117, 'anonymous', '127.0.0.1', 'unlock.done', 'unlock:01M8FXP6ZWFA0VZ969J3QE942Y', 'no certificate to prove', '\x38a07195caea9833f39ac45c507d7f13cc79eac786dd6f4f3181a76668e4d61c', '\x1fd08a10d8f554a51c5d24bf4d5d9b71348e94311170aa0e73792e3ca7ae38b7');
INSERT INTO public.audit VALUES (6, 1795830783145, 'anonymous', '127.0.0.1', 'unlock.requested', 'unlock:01M8FXP75509CNFMH1DK2JTT1C', 'key OLD2, code sent', '\x1fd08a10d8f554a51c5d24bf4d5d9b71348e94311170aa0e73792e3ca7ae38b7', '\x555622ab1d73f5964ff8057e336010f6261093a71df431127bf93262fc46eb52');
INSERT INTO public.audit VALUES (7, 1795830784057, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:598f6f2eca0068b215590c8fd3d19378b620573b', 'OLD1', '\x555622ab1d73f5964ff8057e336010f6261093a71df431127bf93262fc46eb52', '\xce1d32c4919dbb9d10f2deaefe0f851142474c88ab953cad4fd95a9e85df259b');
INSERT INTO public.audit VALUES (8, 1795830784130, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '', '\xce1d32c4919dbb9d10f2deaefe0f851142474c88ab953cad4fd95a9e85df259b', '\x9bfe56c6ec61b94b74a9bda85070a12d66aca19a367a1afa26d3bd85f688aba8');
INSERT INTO public.audit VALUES (9, 1795830784165, 'customer:rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '127.0.0.1', 'order.created', 'order:01M8FXP852JQCXRNHZT7GT0B7F', 'AWAIT_PAY', '\x9bfe56c6ec61b94b74a9bda85070a12d66aca19a367a1afa26d3bd85f688aba8', '\x15ad1a8d71b3740d0f0115fc0c675a3a87a5c3b1eb153fb1c1618167dda42fbd');
INSERT INTO public.audit VALUES (10, 1795830784331, 'staff:uid-0', '', 'certificate.issued', 'certificate:sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', 'OLD1', '\x15ad1a8d71b3740d0f0115fc0c675a3a87a5c3b1eb153fb1c1618167dda42fbd', '\xa92c9de5c842209854281b7bd883ed0768a15637d067b3f6aafcc7ea00a2d404');
INSERT INTO public.audit VALUES (11, 1795830784402, 'anonymous', '127.0.0.1', 'login', 'certificate:sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '', '\xa92c9de5c842209854281b7bd883ed0768a15637d067b3f6aafcc7ea00a2d404', '\x3896af6a3b5387e0597836cd63af22324386fbfef7f2808569f8311d6c694f1b');
INSERT INTO public.audit VALUES (12, 1795830784429, 'customer:sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '127.0.0.1', 'order.created', 'order:01M8FXP8DBCM47BJ62KH2QTAHW', 'AWAIT_PAY', '\x3896af6a3b5387e0597836cd63af22324386fbfef7f2808569f8311d6c694f1b', '\x0fd7e875f312570f5b07e2f9891d423bef0be077269955f7747eff6cc139bb55');
INSERT INTO public.audit VALUES (13, 1795830784453, 'customer:sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '127.0.0.1', 'order.state', 'order:01M8FXP8DBCM47BJ62KH2QTAHW', 'AWAIT_PAY to CANCELLED', '\x0fd7e875f312570f5b07e2f9891d423bef0be077269955f7747eff6cc139bb55', '\x618c1a5a71ee493cc6ae83ac64ecf4d5226a27ffff670d75cd1aca0afa67c9de');
INSERT INTO public.audit VALUES (14, 1795830785847, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', 'OLD1', '\x618c1a5a71ee493cc6ae83ac64ecf4d5226a27ffff670d75cd1aca0afa67c9de', '\x28e3d628024d720729b5ab1fed3e9c042dde1a140c9afef112260ef76cbabc36');
INSERT INTO public.audit VALUES (15, 1795830785896, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '', '\x28e3d628024d720729b5ab1fed3e9c042dde1a140c9afef112260ef76cbabc36', '\x3c1187a50371b48ee23e87f1441d8724f56347b39ac202ead5687f196c97d101');
INSERT INTO public.audit VALUES (16, 1795830785911, 'customer:rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '127.0.0.1', 'order.created', 'order:01M8FXP9VQ1Q3NCCX6AAH81FKD', 'AWAIT_PAY', '\x3c1187a50371b48ee23e87f1441d8724f56347b39ac202ead5687f196c97d101', '\x3b165dab61803eb739fa361600b543b87b25d913370a9db1d6c25b156c5f4788');
INSERT INTO public.audit VALUES (17, 1795830785982, 'provider:pay', '', 'order.state', 'order:01M8FXP9VQ1Q3NCCX6AAH81FKD', 'AWAIT_PAY to PAID', '\x3b165dab61803eb739fa361600b543b87b25d913370a9db1d6c25b156c5f4788', '\xe1590fe57e3915c97ba15a02611a5d696794f5f5ae12536116af6e36cbd9d642');
INSERT INTO public.audit VALUES (18, 1795830786129, 'staff:uid-0', '', 'certificate.issued', 'certificate:sm2:5a750099b67b868d42065b44053a73003e5ec240', 'OLD1', '\xe1590fe57e3915c97ba15a02611a5d696794f5f5ae12536116af6e36cbd9d642', '\xe2e6355cff2df2aba6a1942198a5c607171801a674799a390468bd65e23520dd');
INSERT INTO public.audit VALUES (19, 1795830786190, 'anonymous', '127.0.0.1', 'login', 'certificate:sm2:5a750099b67b868d42065b44053a73003e5ec240', '', '\xe2e6355cff2df2aba6a1942198a5c607171801a674799a390468bd65e23520dd', '\xa185344f91beee5c4de917e6f751288a90718bd1c4d9afa477685a334b1ab027');
INSERT INTO public.audit VALUES (20, 1795830786215, 'customer:sm2:5a750099b67b868d42065b44053a73003e5ec240', '127.0.0.1', 'order.created', 'order:01M8FXPA561B9FGBXZQVDS9WCQ', 'AWAIT_PAY', '\xa185344f91beee5c4de917e6f751288a90718bd1c4d9afa477685a334b1ab027', '\x0706e0e4ba4cc81f4ae8260c55e8176388b9ad934154104d31d9c3f36233c928');
INSERT INTO public.audit VALUES (21, 1795830786313, 'provider:pay', '', 'order.state', 'order:01M8FXPA561B9FGBXZQVDS9WCQ', 'AWAIT_PAY to PAID', '\x0706e0e4ba4cc81f4ae8260c55e8176388b9ad934154104d31d9c3f36233c928', '\xca2fb12ce6a2b771d87fa6bd910dc2a1e048c6994bfccf78994c4f6f988dfbbf');
INSERT INTO public.audit VALUES (22, 1795830786434, 'customer:sm2:5a750099b67b868d42065b44053a73003e5ec240', '127.0.0.1', 'order.state', 'order:01M8FXPA561B9FGBXZQVDS9WCQ', 'PAID to ISSUED', '\xca2fb12ce6a2b771d87fa6bd910dc2a1e048c6994bfccf78994c4f6f988dfbbf', '\xd86b13364011566b3a509dc6073feaf63ab87ad3e0a06cacbed741c8f95855af');
INSERT INTO public.audit VALUES (23, 1795830786435, 'customer:sm2:5a750099b67b868d42065b44053a73003e5ec240', '127.0.0.1', 'certificate.issued', 'sm2:310929233d0f0e0dec0242f22064500d175a68d2', '01M8FXPA561B9FGBXZQVDS9WCQ', '\xd86b13364011566b3a509dc6073feaf63ab87ad3e0a06cacbed741c8f95855af', '\xfeda33309b01360c4791f535bf6f669780613bb02b90fc5d18928254e3a9cf3e');
INSERT INTO public.audit VALUES (24, 1795830788119, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:19858206013388f4184b4bfafba61861127b55d2', 'OLD1', '\xfeda33309b01360c4791f535bf6f669780613bb02b90fc5d18928254e3a9cf3e', '\xf94a2819d81c4fc8572716fdae0fc6b49151e5e04fb884723ab5740a21b5dcd4');
INSERT INTO public.audit VALUES (25, 1795830788153, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:19858206013388f4184b4bfafba61861127b55d2', '', '\xf94a2819d81c4fc8572716fdae0fc6b49151e5e04fb884723ab5740a21b5dcd4', '\x53c5e5901b1b01c3b88d37cfc8e8c3988774f99565f3435859847d9ccf528252');
INSERT INTO public.audit VALUES (26, 1795830788168, 'customer:rsa:19858206013388f4184b4bfafba61861127b55d2', '127.0.0.1', 'order.created', 'order:01M8FXPC2831E2AWQMPGA29A80', 'AWAIT_PAY', '\x53c5e5901b1b01c3b88d37cfc8e8c3988774f99565f3435859847d9ccf528252', '\x85317881ce06855903a38be4a451a045859b52e48f299f49affe191dc3a13f63');
INSERT INTO public.audit VALUES (27, 1795830788283, 'provider:pay', '', 'order.state', 'order:01M8FXPC2831E2AWQMPGA29A80', 'AWAIT_PAY to PAID', '\x85317881ce06855903a38be4a451a045859b52e48f299f49affe191dc3a13f63', '\x5e282a9137819c0491bb8397553149193a7d841c825d03f13e3dc001ce3a16bf');
INSERT INTO public.audit VALUES (28, 1795830789215, 'customer:rsa:19858206013388f4184b4bfafba61861127b55d2', '127.0.0.1', 'order.state', 'order:01M8FXPC2831E2AWQMPGA29A80', 'PAID to ISSUED', '\x5e282a9137819c0491bb8397553149193a7d841c825d03f13e3dc001ce3a16bf', '\xa72f7f9958c8645ef2b99c38d3023f4c110d42e0ae6645ab284ebea92df47477');
INSERT INTO public.audit VALUES (29, 1795830789215, 'customer:rsa:19858206013388f4184b4bfafba61861127b55d2', '127.0.0.1', 'certificate.issued', 'rsa:740ef9929c454944f77835b22d167940b8a3a06b', '01M8FXPC2831E2AWQMPGA29A80', '\xa72f7f9958c8645ef2b99c38d3023f4c110d42e0ae6645ab284ebea92df47477', '\x0cb26030ff2bf9e0dc2050152eb6e37a21a43c45ae2656663150d5bf3c85f25f');
INSERT INTO public.audit VALUES (30, 1795830789386, 'customer:rsa:740ef9929c454944f77835b22d167940b8a3a06b', '127.0.0.1', 'order.state', 'order:01M8FXPC2831E2AWQMPGA29A80', 'ISSUED to DONE', '\x0cb26030ff2bf9e0dc2050152eb6e37a21a43c45ae2656663150d5bf3c85f25f', '\xfd4e1e68e77e24e859bda96ddf389b7ab0d5a6bf310086c8d1870e883b414494');
INSERT INTO public.audit VALUES (31, 1795830789390, 'customer:rsa:740ef9929c454944f77835b22d167940b8a3a06b', '127.0.0.1', 'certificate.revoked', 'certificate:rsa:19858206013388f4184b4bfafba61861127b55d2', 'reason 4', '\xfd4e1e68e77e24e859bda96ddf389b7ab0d5a6bf310086c8d1870e883b414494', '\xc99518df8122f838820ade80b8b31110a5e64f8c712ad366dfc23743c9d84471');
INSERT INTO public.audit VALUES (32, 1795830790239, 'staff:uid-0', '', 'staff.added', 'staff:petra', 'reviewer,producer', '\xc99518df8122f838820ade80b8b31110a5e64f8c712ad366dfc23743c9d84471', '\xb7785161439abf9941d93b7fae2e409725308d9b78c844bcc7b74933e04578f1');
INSERT INTO public.audit VALUES (33, 1795830790312, 'anonymous', '127.0.0.1', 'customer.code', 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '', '\xb7785161439abf9941d93b7fae2e409725308d9b78c844bcc7b74933e04578f1', '\x2cb45b815febba27cf75bb1f0166cf2fa913af7cfae8c91d8d1d854f4982176e');
INSERT INTO public.audit VALUES (34, 1795830790434, 'anonymous', '127.0.0.1', 'customer.login', 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '', '\x2cb45b815febba27cf75bb1f0166cf2fa913af7cfae8c91d8d1d854f4982176e', '\x2d4d1977cfa671423dff116446ffc70a094a466a606b03c7f0feaa4bd010f753');
INSERT INTO public.audit VALUES (35, 1795830790465, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.created', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'DRAFT', '\x2d4d1977cfa671423dff116446ffc70a094a466a606b03c7f0feaa4bd010f753', '\x6e2c05676ad44def6b37d718e68b08e054c110a7523d97c43b4d9c93fe79cc8f');
INSERT INTO public.audit VALUES (36, 1795830790648, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'DRAFT to VERIFYING', '\x6e2c05676ad44def6b37d718e68b08e054c110a7523d97c43b4d9c93fe79cc8f', '\x114d58075cfc788f9b14570a714e6815250d54a422cea81c231058f1074e11fc');
INSERT INTO public.audit VALUES (37, 1795830790659, 'provider:identity', '', 'order.identity', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'verify by phone: sent', '\x114d58075cfc788f9b14570a714e6815250d54a422cea81c231058f1074e11fc', '\x3e5f182fbcd4fe11c0e7bbb8198c018a6c3ba320c0e44049a18a185d14ee0334');
INSERT INTO public.audit VALUES (38, 1795830791767, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'VERIFYING to VERIFIED', '\x3e5f182fbcd4fe11c0e7bbb8198c018a6c3ba320c0e44049a18a185d14ee0334', '\x50d33dea679c8b945388493a2282a650083230b2fcefb31784052c6b7bf2fab7');
INSERT INTO public.audit VALUES (39, 1795830791796, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'licence', '\x50d33dea679c8b945388493a2282a650083230b2fcefb31784052c6b7bf2fab7', '\x7197300cd2dcb458c2cd941801d7d37e8efa201b4a7e197b51e4cd06a039e29f');
INSERT INTO public.audit VALUES (49, 1795830792816, 'staff:petra', '127.0.0.1', 'staff.login', 'staff:petra', '', '\x2f0c5b064e4bde2c6607e0592ca24573aa25ee931ef083a06ca13a63605db1b8', '\xd4ec863996177b9966daa0d54544b628e35eec191c6813b873814b969d7400f8');
INSERT INTO public.audit VALUES (57, 1795830793147, 'system', '', 'production.pin-sent', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'key OLDNEW1: by text message', '\x570ea2cb211b3b12f6426f1d792c494f36b42eda41a6caaa82ac1d8ce7424f9a', '\xceb2408d9fbd4abd2fd6cfbc1a371222db52472c5632c4502b4aae35a3968565');
INSERT INTO public.audit VALUES (62, 1795830794490, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'DRAFT to VERIFYING', '\xdbd7fa9a8c4b5e4d42e2581de28c44d9a1a084a3c1d9846ec379c8c081fe1b9d', '\xba33862b9b9f428a57b40630c784e2630cfe3c9d0678d743ff3ab93b327bb532');
INSERT INTO public.audit VALUES (40, 1795830791814, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'operator-id-front', '\x7197300cd2dcb458c2cd941801d7d37e8efa201b4a7e197b51e4cd06a039e29f', '\xca72f0f4a8bf92ae188607dadfa1e441e7c95255b6539c72a6fac684abf062cc');
INSERT INTO public.audit VALUES (41, 1795830791849, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'operator-id-back', '\xca72f0f4a8bf92ae188607dadfa1e441e7c95255b6539c72a6fac684abf062cc', '\x06cf3c69014b5fa7cd51eec3788dd83f6fe5f6e609c7283199c630bb3166263d');
INSERT INTO public.audit VALUES (44, 1795830792002, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'UPLOADED to SIGNED', '\xbaf0d9744b7bc460e7daf7a83f48e63f30eb57b2b7ec169397c47ea30a887225', '\x36975b9a5f55942313cb00925e1542e834e17ffcf9cbf5e9a42b53cfffabb9b0');
INSERT INTO public.audit VALUES (45, 1795830792002, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'SIGNED to AWAIT_PAY', '\x36975b9a5f55942313cb00925e1542e834e17ffcf9cbf5e9a42b53cfffabb9b0', '\x38c821fffc99d3fca43bdba3714f655ff49595b20ff777e7b3b070956daa794e');
INSERT INTO public.audit VALUES (46, 1795830792136, 'provider:pay', '', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'AWAIT_PAY to PAID', '\x38c821fffc99d3fca43bdba3714f655ff49595b20ff777e7b3b070956daa794e', '\x5ed293ed7b67bb831949463fadefabee05f424b5724d1e8bb67e827bdd63f68b');
INSERT INTO public.audit VALUES (47, 1795830792137, 'system', '', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'PAID to IN_REVIEW', '\x5ed293ed7b67bb831949463fadefabee05f424b5724d1e8bb67e827bdd63f68b', '\x3ace0fa2b5a75d752bf19cb0cee5bee857cafc27ea78da186f8a7eacc494368d');
INSERT INTO public.audit VALUES (54, 1795830793034, 'staff:petra', '127.0.0.1', 'certificate.issued', 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', '01M8FXPEA15HS4GZNCFY7CE74C', '\xd9057e031bb8e481c55e98df4b819e63a50a0e4d400dfd8cd2e0ed322d00cf75', '\x7fff30c1720bdac6e2f99faa74088c8ccd54b78bcadd36f44f39bb49d30d0172');
INSERT INTO public.audit VALUES (55, 1795830793108, 'staff:petra', '127.0.0.1', 'production.made', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'key OLDNEW1: sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', '\x7fff30c1720bdac6e2f99faa74088c8ccd54b78bcadd36f44f39bb49d30d0172', '\x5bcb457d75d53b073a8da8a39cb1cd35a528b25e8dc7143f3d6856b32ef0fadf');
INSERT INTO public.audit VALUES (56, 1795830793109, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'PRODUCING to READY', '\x5bcb457d75d53b073a8da8a39cb1cd35a528b25e8dc7143f3d6856b32ef0fadf', '\x570ea2cb211b3b12f6426f1d792c494f36b42eda41a6caaa82ac1d8ce7424f9a');
INSERT INTO public.audit VALUES (58, 1795830793151, 'staff:petra', '127.0.0.1', 'production.handed-over', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'key OLDNEW1: to the operator', '\xceb2408d9fbd4abd2fd6cfbc1a371222db52472c5632c4502b4aae35a3968565', '\x04c7ea46eb763f0f2f85aaefd0cbfc80d3dbc8ff45f93afea2740f7a3bd24008');
INSERT INTO public.audit VALUES (59, 1795830793153, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'READY to DONE', '\x04c7ea46eb763f0f2f85aaefd0cbfc80d3dbc8ff45f93afea2740f7a3bd24008', '\x7cfc0c87292142b28e74ed607688b357b618d12794134e3ee8f186c81f834448');
INSERT INTO public.audit VALUES (79, 1795830796083, 'provider:identity', '', 'order.identity', 'order:01M8FXPKQ4B9R25EGCJB1T1EP4', 'verify by phone: sent', '\x7a710d62f763b88f3d69313ea86ec4d0a9aae0cda959a1fbe5f6e5dac55b1ceb', '\xd9cf3ceb891a3d8fc86656ad1c9b2b3f527390e740a502de8fdf82c9e6bafcac');
INSERT INTO public.audit VALUES (42, 1795830791894, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'VERIFIED to UPLOADED', '\x06cf3c69014b5fa7cd51eec3788dd83f6fe5f6e609c7283199c630bb3166263d', '\xedd1301dfd506451fdb56850222f8be08bca623e58dd1a807a48f0e6e33ecf24');
INSERT INTO public.audit VALUES (43, 1795830791895, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'seal-sheet', '\xedd1301dfd506451fdb56850222f8be08bca623e58dd1a807a48f0e6e33ecf24', '\xbaf0d9744b7bc460e7daf7a83f48e63f30eb57b2b7ec169397c47ea30a887225');
INSERT INTO public.audit VALUES (48, 1795830792231, 'staff:uid-0', '', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'IN_REVIEW to APPROVED', '\x3ace0fa2b5a75d752bf19cb0cee5bee857cafc27ea78da186f8a7eacc494368d', '\x2f0c5b064e4bde2c6607e0592ca24573aa25ee931ef083a06ca13a63605db1b8');
INSERT INTO public.audit VALUES (50, 1795830792900, 'staff:petra', '127.0.0.1', 'production.looked', 'order:01M8FXPEA15HS4GZNCFY7CE74C', '', '\xd4ec863996177b9966daa0d54544b628e35eec191c6813b873814b969d7400f8', '\x547beafe64f473bcf7e35f79abbe1be10ea632658955e9e5890405af302ad8d3');
INSERT INTO public.audit VALUES (51, 1795830792912, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'APPROVED to PRODUCING', '\x547beafe64f473bcf7e35f79abbe1be10ea632658955e9e5890405af302ad8d3', '\x842a1930e87cf506fb34c81186d3fe865b578d6a87d342b4c3b6f7e5eaa5b933');
INSERT INTO public.audit VALUES (52, 1795830792915, 'staff:petra', '127.0.0.1', 'production.begun', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'key OLDNEW1', '\x842a1930e87cf506fb34c81186d3fe865b578d6a87d342b4c3b6f7e5eaa5b933', '\xa581d160a968c6188e1e03f199e080a196b20a4cda253f9fac5974582a20a748');
INSERT INTO public.audit VALUES (53, 1795830792918, 'staff:petra', '127.0.0.1', 'production.secrets', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'OLDNEW1', '\xa581d160a968c6188e1e03f199e080a196b20a4cda253f9fac5974582a20a748', '\xd9057e031bb8e481c55e98df4b819e63a50a0e4d400dfd8cd2e0ed322d00cf75');
INSERT INTO public.audit VALUES (63, 1795830794510, 'provider:identity', '', 'order.identity', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'verify by phone: sent', '\xba33862b9b9f428a57b40630c784e2630cfe3c9d0678d743ff3ab93b327bb532', '\xe11eb056a8489f8874d54e285c0dd5ba854e945a2caf79ff15dbf6f7365fb128');
INSERT INTO public.audit VALUES (64, 1795830795565, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'VERIFYING to VERIFIED', '\xe11eb056a8489f8874d54e285c0dd5ba854e945a2caf79ff15dbf6f7365fb128', '\x862b0e4d912e8bf0afefac253b45b283ea7cffa3d9c719a786508ed79dc41e1b');
INSERT INTO public.audit VALUES (65, 1795830795587, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'licence', '\x862b0e4d912e8bf0afefac253b45b283ea7cffa3d9c719a786508ed79dc41e1b', '\x19037c08e573c8eca1606f004343e8bd794c9dec86708aa27ded54600c27d41d');
INSERT INTO public.audit VALUES (66, 1795830795607, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'operator-id-front', '\x19037c08e573c8eca1606f004343e8bd794c9dec86708aa27ded54600c27d41d', '\xf5ef37a97a31763dc25222b8b3afb284a40f09ecbd233ff79db558339c6fab03');
INSERT INTO public.audit VALUES (67, 1795830795622, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'operator-id-back', '\xf5ef37a97a31763dc25222b8b3afb284a40f09ecbd233ff79db558339c6fab03', '\xdd555a6e742db07de30a3611b31866d1b6441a7f92a6eb68d24756f9e57b06bf');
INSERT INTO public.audit VALUES (68, 1795830795647, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'VERIFIED to UPLOADED', '\xdd555a6e742db07de30a3611b31866d1b6441a7f92a6eb68d24756f9e57b06bf', '\xecc57aaf09b80f8f1292f0f9363d536a6430aa0928ba9f4da306592c55656f70');
INSERT INTO public.audit VALUES (69, 1795830795647, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.document', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'seal-sheet', '\xecc57aaf09b80f8f1292f0f9363d536a6430aa0928ba9f4da306592c55656f70', '\x896b5cfa1c501627d9faf8aa7c9d2d3de0c836289bc908eb4a52a4cf3f1ee36a');
INSERT INTO public.audit VALUES (72, 1795830795817, 'provider:pay', '', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'AWAIT_PAY to PAID', '\x0e1097b44d9311a96a4b1dcc8dd18478e577d1d68e610aa474abb166c25d7cd8', '\x94816fb9ecbdc051f591d18247af6782b315e0305de6874d7ef85c7d59dade4c');
INSERT INTO public.audit VALUES (73, 1795830795817, 'system', '', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'PAID to IN_REVIEW', '\x94816fb9ecbdc051f591d18247af6782b315e0305de6874d7ef85c7d59dade4c', '\x19757c95c08171d6f0a96852a8931993f42ba9751892e679348664d9f1dd2275');
INSERT INTO public.audit VALUES (75, 1795830795947, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'REJECTED to UPLOADED', '\x0f03aecb6f2222db14652eae3c200c8e6a18c947575b56951df0a8b732755a65', '\x7d2429b85dee1ab7cabca8333a10b5b32af8fc4e8687aeaddee711230b31821b');
INSERT INTO public.audit VALUES (76, 1795830795948, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'UPLOADED to IN_REVIEW', '\x7d2429b85dee1ab7cabca8333a10b5b32af8fc4e8687aeaddee711230b31821b', '\x6a29f015445867512e80c1e38f0a4ccf7242d07bc35bc063b7c75ff2b6273356');
INSERT INTO public.audit VALUES (60, 1795830794286, 'provider:invoice', '', 'order.invoice', 'order:01M8FXPEA15HS4GZNCFY7CE74C', 'issued', '\x7cfc0c87292142b28e74ed607688b357b618d12794134e3ee8f186c81f834448', '\x7652bd9e20a0c4d9d23cbb7bdb3126501f7a04d0adce1376794aedf2d7d5ba04');
INSERT INTO public.audit VALUES (61, 1795830794377, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.created', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'DRAFT', '\x7652bd9e20a0c4d9d23cbb7bdb3126501f7a04d0adce1376794aedf2d7d5ba04', '\xdbd7fa9a8c4b5e4d42e2581de28c44d9a1a084a3c1d9846ec379c8c081fe1b9d');
INSERT INTO public.audit VALUES (70, 1795830795761, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'UPLOADED to SIGNED', '\x896b5cfa1c501627d9faf8aa7c9d2d3de0c836289bc908eb4a52a4cf3f1ee36a', '\x36ab0008db8151940b2059f0130b947a0fb5efec5d5071564c68010033b0cf4e');
INSERT INTO public.audit VALUES (71, 1795830795761, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'SIGNED to AWAIT_PAY', '\x36ab0008db8151940b2059f0130b947a0fb5efec5d5071564c68010033b0cf4e', '\x0e1097b44d9311a96a4b1dcc8dd18478e577d1d68e610aa474abb166c25d7cd8');
INSERT INTO public.audit VALUES (74, 1795830795917, 'staff:uid-0', '', 'order.state', 'order:01M8FXPJ49361WJBNJ1KF237C0', 'IN_REVIEW to REJECTED', '\x19757c95c08171d6f0a96852a8931993f42ba9751892e679348664d9f1dd2275', '\x0f03aecb6f2222db14652eae3c200c8e6a18c947575b56951df0a8b732755a65');
INSERT INTO public.audit VALUES (77, 1795830796004, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.created', 'order:01M8FXPKQ4B9R25EGCJB1T1EP4', 'DRAFT', '\x6a29f015445867512e80c1e38f0a4ccf7242d07bc35bc063b7c75ff2b6273356', '\x583dd1180eb2295d60b7852e0783042311ca0ff0d68a38afe69b22c6b3799563');
INSERT INTO public.audit VALUES (78, 1795830796032, 'customer:91110108MA0123456G:ee3a3bd9f75da9cd', '127.0.0.1', 'order.state', 'order:01M8FXPKQ4B9R25EGCJB1T1EP4', 'DRAFT to VERIFYING', '\x583dd1180eb2295d60b7852e0783042311ca0ff0d68a38afe69b22c6b3799563', '\x7a710d62f763b88f3d69313ea86ec4d0a9aae0cda959a1fbe5f6e5dac55b1ceb');


--
-- Data for Name: certificates; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.certificates VALUES ('rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '598f6f2eca0068b215590c8fd3d19378b620573b', 'rsa', 'sign', 'OLD1', 'c-waits', 'rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '测试证书 rsa', '351631347ad327f314a80ffecdbb6cc85e78d5cb6bbd4605ae188b1985f945fa', '\x3082038f30820277a0030201020214598f6f2eca0068b215590c8fd3d19378b620573b300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830335a170d3236313232383031343830335a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100ccd3d7a56335f7064c9f37fbfe1b9f7c5f6fa923e54dbefa7fa81fcfb78261e68e6e20f82f79731342ce8600a9f877a75d577b438aaf42a64364e834e1aa553803e120d0446a0a96efbda88438b8202e51f3aa29faa2f4decc495d5f79e5979ff3138aee9a683aff6bea510b011435bf7a46fc383f776489baeb4676309e46eb60666d9e8f663f270a8e2c65cb8523bbb1c4c805d021f64b38501414c9b102efda5b5d71fe8d5489f1b2b4b62337d20c2833c0ec8de0c18d2fa4d9e676bd758762ed41051d83e376338053f0b29ed30cda89fb76605670ecc9c4e6c77cc3449408fee0740b2a45941e0bd46f88cd025431385ef6b82a32823c2e19cf32592fdd0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414047fa5e62470b653cc9ae319f2e93a91202ff7c2301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b0500038201010002aeed596cf97ea24a079b2e9923f4b5664c0dfd68f019af1492000655462d4483e68a829594801e9ed3617a03f612ff3000da68c0babeaef456dd1f397d4d60e1a8b61944aa1b0e4dd8b86667eb9368140ad238af2b9711953c977d936ce94cf6ba63914c1ebfa3deebebb00972b54963cca118962f76d05b626120aacbf619b52691db765f047d753be84556ed35333a7df5471867ee2edb9d621f6ac32d94d860ef3a95493c5a5d574f4b0562c22a086c94a4c0b6482a01d0efe1cc0d702f3bfdada0956aa5d577a27a474a386c92a97e7578904ccd0c3891b6386800b311dcf9f4128e0fb44923f06e900ef104dcb709542e735c16a3b6763010590203d8', NULL, 1795830483000, 1798422483000, 'good', 0, 0, 1795830784054, NULL);
INSERT INTO public.certificates VALUES ('rsa:55daf7b6611e8688610bfa8f9d06473a6d03c0fe', '55daf7b6611e8688610bfa8f9d06473a6d03c0fe', 'rsa', 'enc', 'OLD1', 'c-waits', 'rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '测试证书 rsa', 'f9be178c75f5f01b191c5df834788d7ab302310d7e031e3584550d0486d942e0', '\x3082038f30820277a003020102021455daf7b6611e8688610bfa8f9d06473a6d03c0fe300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830335a170d3236313232383031343830335a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100abca7a334d24c16f18ff15b57b6ff3fb1344e6342b43cf30c495d21371494f3d1c3926093f4460980fd43e358e8915629f9fe87a9c74d360ff73a2424814eb5e950cda6fa26890a39ee3ff2a4f332588122a650437d9f5dc9c9d604e0bf5ad1deec6c4dfbc55e8c73f86d41ceaf523ac82dc1d8a1d351d68840ed1892310f9b96979545011da4c81cfb60d87a9eb00c375bb1707893028ed353c19ccea244d99273d74026110179c74fd018bbd2f36b0f9b0a947242527a4663899b3140973c468f9ac80afd15eb37cc0c9add2a8fcaa5a19875365bd4cf306f34031957c2a0a27e8a388344da5fa54a82226259fa708e8fc23679d903c2fe1ba1aa5ea4fe53b0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e04160414ccd52841993fe2756303af96c889a564fc08624f301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b0500038201010091323ae741aab722df668ecedbe4aae237829d83828500191a8290ac0c185b68815d5d9548d4b0074393d8da623dde1976b9fba9919136b2b7f6dcfd38d63ef16a359c5c776caa031b8799221d7e0b3958d1ec0cdbea13d0e75b2c2c502c8cee30ad9302cfafc46f025a2daa3a458503e03f1f8c843d347883fb8ae2541bc70403c6ba7cfcdab92cd1112a7e955380e16ef7800af11feacc893aa4c1d9b032ae46f9484917774f31c3bafc84b4748043814add707ce9d45f2c6ccf088e6694dfa3f8be2f2e801a04d59e598960ee652f28c1f82a9324aa0fa62b654291606ce8149ebf5f4a0452724bdb42301e59eccb283c2d6201cb2387377a1840f7f1fc64', '\x0178514cbdf1b4ca572d58973daa20533d20f5da4e5516d8f6ec6386367308ddc0d4cae7ce10ad31449d0549e1bdf64bc6aa979bce87f8c1c1bc9637604a089baa0a2c29e910bd67b6206828890741ad5ec00e03a6820e82dabaedbf10866f1844d1e86098462bac6f43adf9f6fc0d017d4df439967d9d1bdd3238d4f9df92c772565d0001dedaf1362d206dc29594432e4632a93d9cef4268fb0c53bfefadea6fa2f5153310e79f01b52d9e64702f8b277960fe5a3e9051377aef035b0f99bba431277f290737c72b62018b405368bec3104de81c22745cf1711aa256cc65c824b5ce4b01b5ecdff4a433af920b3bf532d45f6ced21e06a5b3939e54275461c6a8292d154b47481f282556403663d13ddc066afe137dde1a00726c4168de6fdf795681c5111679f866100387cdf42d1f70c42ab0a811efe1be9e0201fccbf0dd03919619b228a5e36ebaa673dfdd9af2d9ebaeeb9c995480f308b1909e5afc998cfd197e7aef8986f2a48a0ec356d7f56c89292e4f8d650144aca67648cd5cd5730118aa7ca8bf112e32ba38859493cb0cf87dc56f5e4a15da2e0f1341a8cf973ab2639cb67c1e3c3a088cbee98cce9093dba0cf4ac2209f85bcd2170aa17e23bc536188f8ea756efbf34ccf2b0a2941721d1ee2ab02ccbb27419e1d389f2b58d46399fa34b62f15fd4cde3da60f5a52377583ee46d37b3dffaca24624ea0e4bb1ae24d5e14f91a361c208a295c9729d318631513c3b361f2a831d65f3a25307eb4642d7976167e47a5fc8d17f1e38014ecd3fba5681ea6083dfe071cafd45ef3f8b8afaf12d9728af08cd01e12524835cb110960add91bbe99a9473bc1767d5d28fab6d1ff8c0b2c02d9d154f3830126063500dd177f0abe7897216fa568a3a58366384255f03c954ff964ecc50143e4a302fe7ede5cb528cf02e601fe711b609dcb6ee36e3fc3d521083f6948d06175cd83f8c7ffaf2e61358644b4fe071c792ce88f48e46d9019adecec2705f3a98fd6b1d787113614da5667258c85de833e60fb9687e6e28f5f3e81781699ce16d3b9af483c1209fda5f131e03949940eeeb324c41a188b0c248d7768eb1bab1e3c8c8a33f26042c29ac5bfbcadd9af9771993bac751aa1c62a0b66808353e0e9e59b52b2c8c1d259103f686b54ae5bc20789873c769a6904c177ad5cabc5f9b995f07c8c2739922ec1560762882686ceaaa6fe2b4a9165d2191e88349f4370a6fe73a67410bda61d24e39c0dcbd2bc2befe6bd70320ea98b54c96c9d049596683f69be17e307083ea9a9b4a0554e29d1cd9979e54695f17b02d45d53d9e2fa835a1bdce69ca8d618a187582a5bfd7d52cdfe04dde9f5cf5ddfaa585f3936928836125345ae85405113a77fe260603af74377ef15bfd6b88bdd99cbf724dac989672f8362181cfdf7d3f79d2d43f6eed931382f41180b7dd2e2fdbc55d64fcb584c909cc86f523302cfbca5bfea20cdef20af7f24937ddcb61e08e0854641f6b1b77fd88fdbbdfdc0d3b9ba8d06bc1499fb3ab88556840da3fd788bb77dd64043232164a645632487dc32f6bf3a5efd4d05f393b46fb47ebac89ab726803bef3f16a58e9e960be7f2840d4a67c7b593beb2fd4e0a8a79560c937a15d4f39d8f4605315527f9fee96d01314f5e4cb520f432b1c772c5f433e5df752164565e295e67ae6247ad2f35c7148d535de4fc708de75f9311376f4498f5938218', 1795830483000, 1798422483000, 'good', 0, 0, 1795830784054, NULL);
INSERT INTO public.certificates VALUES ('sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', 'daafadc991eb62eb67d0142fca9b8a30ef315f5', 'sm2', 'sign', 'OLD1', 'c-cancelled', 'sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '测试证书 sm2', 'ef30f030d1a5e81b0f9159a2baef2384ad8985acaa790382b429ed6e669b5f9f', '\x30820203308201a9a00302010202140daafadc991eb62eb67d0142fca9b8a30ef315f5300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830345a170d3236313232383031343830345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d03420004ecee99c0c3a6483e8f2481d97bfbf3834798214b343b43382ddefce494bf49371a87fcbd27be34b01fa4364593497c450ef2a0ed56319f692a876f5801ba9ec7a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414010f8509a869248eedc2c57e68d4dc47572d31a5301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf550183750348003045022100c7633ba51ad051f9737d2c2cc4b6f2427cea7ac022fe45d2b787383d6a9ab736022077755d5f692373adefc7a7307e34df92f4868c65ea6d710f0bd83767ab7968da', NULL, 1795830484000, 1798422484000, 'good', 0, 0, 1795830784329, NULL);
INSERT INTO public.certificates VALUES ('sm2:39b00923c1ec2f8897cc647564d519d8342057e8', '39b00923c1ec2f8897cc647564d519d8342057e8', 'sm2', 'enc', 'OLD1', 'c-cancelled', 'sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '测试证书 sm2', '84ec0e260e93e298a6696f4d039d60c6c40a47778defa2f40dc6955d1f251cbb', '\x30820203308201a9a003020102021439b00923c1ec2f8897cc647564d519d8342057e8300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830345a170d3236313232383031343830345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d034200049d2e9f6ba7fede87da69224c0baaa146b68f0436d6960615eb48b01e18649df64276efb4fa0890f5b4aec2ccec377d905af23e8b13e3d7b6c557ed6ea54e15fea360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e04160414d72d742fba6ca152a6fa376eba9159c14e5f656c301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf55018375034800304502201b6a1f3a9aa0fac9defb205df9d0a8fed8b5ff220d7dd1287988c4830866c128022100ad7b0ce427198ad7d975aa63e5207dadec7d219ca19fd5080ea6b8aa2b57ffbc', '\x0178514cbdf1b4ca57bd487aa2543f2015421e84c44b6222b3a05bff912dfe86a9e85559d6d9b20e2ea64812216718714272436c196e6c36c1b6c73e2371efc7c61ce33005', 1795830484000, 1798422484000, 'good', 0, 0, 1795830784329, NULL);
INSERT INTO public.certificates VALUES ('rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '111038bd090404b127d8998b6fa6c5ddac32bb48', 'rsa', 'sign', 'OLD1', 'c-paid', 'rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '测试证书 rsa', 'ac4d0dd74fcad702d6282e4f154ae3f0f25c05ab3366c18e941a19f7c7647c8b', '\x3082038f30820277a0030201020214111038bd090404b127d8998b6fa6c5ddac32bb48300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830355a170d3236313232383031343830355a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100ca90416963408e093ba2f4e6f5a41e4edf8dcd7f003704f9c8be3efebe8d21b8b1ddb735aa4627193384785d313f3e9f19a8d97b1f28651b6f6e5ae17cd804c39ce5839f4dff65deedd34835f40f59777182166298e29423ee0c99e62f997f6b7404aa1228441dca7acabd708808f2a8632605c2291ca296715b5339081437fa05be4f9e69beed6b15a8b6e1ba76f440e750bb25f3ac9e481dfd5e9b5502b8cc475d0a3a1c520211c2db43a4ec2075dc008dd60fc548874774d0db67ca5471e26b871b47240b306948a9bb132f1937561ecdaa713408ea9a5cf05a9996d4ac44ac6c2f79822692c8b0d99235fd76b051b9b640e3e9ed5ecd574919a5e39089bf0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414a1470613140f4851dfc1e1f679c408f4dc07f361301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b050003820101004d5ac439af1cddc3c32709682654cb33b22b0af2446ab2fd6be37adabc2e67fa33268b15efeaaceaf085f21362f46b63b30fa2360c445171dd9d13011cd2051bb47ff9daed1f303ba042e6d54f1c5503f71e36ac6ac0c401d15781f0887de88e6133115194d28ca0650e6fea678ea267f5508fa9be80df664abba4a65f666ef1e18ed68e1cdb45f82344ed3a649a5c7c72052d8d394f3d6dcd3c7c77bac175848f7cd4e92deebe710ab14186bdfc55f4b6a020bbf17dda4d4a8a76e863dfb35fd4ac1ba644a8d3f516c4ccf3b906e090fd75592e8b88eb90816def75d0439044bf1100c1ba5067a1e36b1dc9612ddaa8ae6496a8531a223ca14b08b6a1989c60', NULL, 1795830485000, 1798422485000, 'good', 0, 0, 1795830785845, NULL);
INSERT INTO public.certificates VALUES ('rsa:2fbfb8bdc2c0485166c1318aa95632a53ff118c3', '2fbfb8bdc2c0485166c1318aa95632a53ff118c3', 'rsa', 'enc', 'OLD1', 'c-paid', 'rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '测试证书 rsa', '6fd043f4ea7b6849e4694d12ecb6efaef2e7e65387ea1a268b2fd104ae7dc413', '\x3082038f30820277a00302010202142fbfb8bdc2c0485166c1318aa95632a53ff118c3300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830355a170d3236313232383031343830355a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100cb2319f76fb5ab42698fda9bd9255940c4e43d0c623edd4a38cbc8fb27e7ea50bc4097a29ea04c929d7a7142b22ebed50add8d8c63b25a527c6692b3a8c1c9bf5df73e7691cf0c9bd0b1bf666f7526864c860836587a95446237bf4ce871ce540acb245dbfe7b19f2cda846dfe1f2921292525f0fd26288b3cd881e8c3ad83d873c89421e1dad520b1a941b6d73452b4d1cbf29248104ea134988ba1ef4ffe5c2e31ebb74ebd7df8f20cd5c7f22acfaf766724f733479d4faa5dd84b8668f3813a68f937c8b9ed507ab0394b3064019ec59b6ab35cc1c2f78bd7bccd68e817846669375b3cfb9702db0cbb1420b951228591fc2b3db36998afabd3e2d06643f90203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e04160414c733933b5c872dbdc343de0de73fc6aba1eb859f301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b050003820101008434e338efd81abf167e27ff694f1b4750ab985ce8b4695e1729d6d3917760591b2816dc5f6e97db818a4ea4d15d15b70c64c7dc43221a6ae0adacf72754c602a24df9d2d5632bdeb47ead969638d1d5d44b20d645be6424137f95833d74ddcf90a9ac8a6dfdd7b240c3b9b46ae1a1587b96b72279a2a203be2e93ff6613dcda981d5b81bc9cbe5315a7e0179f411a0c18280a620e483bafe0511abce050a039d6cad32421a2efba41d0baae7d40cf8e76b9188eece36368eb0fc1aa7f327651711cc9ab94b12b4b1047bb7202ce6f39c9f909dbc018e28fed908f4900aa5cf23f54d87162575b3e8e765f17a61c6b70f8a9e4da4308e6e9d647f66e99ba9941', '\x0178514cbdf1b4ca576294a0aa23c07666ef78da4681ec5024263b184924d1679e2e5ae970803ef5272e47719fadb2e06edb3644f9361566e25850e5eb4933ab38c7e4b97e286145fec9816b27693e9e8f15b558e8caaec76f16b862e3ce4a429855591d7444495a02f1cb05a6818d968283a241a6f77e603739dd9fccba6163e298ded7b9168d84217115af5ad56d6ff444cb3aff36dac0c9ae5c9ec6008e7de80c64d99b5df533a084ee29dcb03e3fed47c7b230a5f622436da5f4c8b7656cea2eb51e949380d82a9d94154225fbf18c633d13458d9531c6192cd30e0e104bf465b24822dd004f2a47f57d70539e19b3a3b701bedb2dd5de2f61bcd6f63635e82d3dfec718066fd45559ccd25d1daf8adf1577b530430eb48b765b3a0d5ebee01a3fd54ed18d9961f6ee288c35b29bb7c69d8d7f4dc7831405393b7c556e0e864e28cf23d7508f33d5f37e19175e0efc886a4cadee576fc9d9b22212d31e23e8465e374e194c06df5d2e263c2dab99f1c60938ac0e6662d914873312f365afcf423f2db7291e7f9fc335878217bfb049ef6375bfaac1b6a5e6432d685d8013964b48a02d98499cc4f9bcc0dbb980843cac802e2609d0b9824c8666573b5fef8078a609589f19d2857aae897041dc4f865e81f7fb04f1fde596943701c9e13942b9593ffcc5b733e14ba1da91d1059e4517d024861d1093adb484e7fae939b05e9a7a1e6ee793934a2fdda062d8ec30a970aca8e25669b427d4bf74e2a0368c87bc622bee612d35f2a584ef9951894d0cca6fa802b5e1d5cb43cb6aa70414b3fa68f448982a4aa86436086ee8a626601bf6b1322c1f208972b4eb19d84b205267bd817de6e68ab540a3ca6b99727744aba1e085fd0a8090262b78c0bad33705714636f15dbc7a86c50da9a0dc4b5c5305b03f6e0c05286c12c808fa04d2becb414e4fbd2af54d0150feb801c3458139ea5366243e73909c905c50a31e89c05dca62fcc9a973e19960db795951d90de7868f7579487e06a09d802e4002240aaa70de7dbac21d53e44778c78bbb9e08fc2b2d78990a4430fa087707f86b3c40ddf8e79fdeae688ad007c638016ac5d4c732389f686976a313d99c201a17ce54fa9c66902895fb5ca24d8564865951243c465929633178b0ff0de3b81bbb9b1da6dfc45f36ae72b0f682da7d842363445ef67d7d3620080e3ba116abff96fa269836be3a48bd3438ac9a12b8b9c7c939be60495d41903d5ccb5d0b3dc9853c6108605291fc69bd8a46006066bb37fdfe4ff95e2f5c2ea7467e92fbf2f973459bc31ff48c50823f821d5315d9c83668f6c420768b6216d98370e14e0644dc1cbf7f2b9c0d658b4635d849aff0d2d737f98c2a68cd29f1d75a9b75c5fb47c5818373b9eaaeb111f4d4eb14a48481e4c10b3bdabd1ab9f64292de80eaaeeefda7167de9b8a84365fcfd5a4f17de0d057f87d2d87d1bc4a170c1732296cc80504d6b1a91779d7f866781d52b978bcfed12468b90156d2553ae249b526207a3007d125abefc56908c864b2639db127646b284d5e3b6cdd7833853c1c462d17f11b832f4a207e42ea823d9fca693c381aa4b41f512c8547bdc094897f03e6362d1e8bc9ea73c94927df8ccfdf5a0940068493589983d9151713a75c16606b3868cbfc26a96b633f3179d1580bf038ce0f92c5647a1585e44ae436d5b85ed68da133b7b66cf48e87bd4a5a8ff48974bff', 1795830485000, 1798422485000, 'good', 0, 0, 1795830785845, NULL);
INSERT INTO public.certificates VALUES ('sm2:5a750099b67b868d42065b44053a73003e5ec240', '5a750099b67b868d42065b44053a73003e5ec240', 'sm2', 'sign', 'OLD1', 'c-issued', 'sm2:5a750099b67b868d42065b44053a73003e5ec240', '测试证书 sm2', 'abd1c6adafcf1da25cd8f1db7420ad6ecce12cb99f49a9e4920d4fd42304946f', '\x30820204308201a9a00302010202145a750099b67b868d42065b44053a73003e5ec240300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830365a170d3236313232383031343830365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d034200049ed99ed4c7225a72951787b102a6ac2673bccbeac86429099513c127cd16ff72703eed2fe7161933a00d20f64a30cc7197df4d46579f8959574a1e37d2590e5ba360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414f5eed5c7f581e453728b3f67f4c9599be17f05ca301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf55018375034900304602210087c9b587ca8dfbfdc19ffdb1299185922d8b1c219200e2423964b5828202ae50022100fe183a1529efba614dba4a1606830bc74078aec86fa2b4aa408ec460fabf6481', NULL, 1795830486000, 1798422486000, 'good', 0, 0, 1795830786127, NULL);
INSERT INTO public.certificates VALUES ('sm2:686282c27d3513fdaadf808947dbb14629bc9192', '686282c27d3513fdaadf808947dbb14629bc9192', 'sm2', 'enc', 'OLD1', 'c-issued', 'sm2:5a750099b67b868d42065b44053a73003e5ec240', '测试证书 sm2', '8a6a1314a1abbca0cc120592d13ca26ca6784323e1ff2d4c7605c8f1b5c4ae2d', '\x30820204308201a9a0030201020214686282c27d3513fdaadf808947dbb14629bc9192300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830365a170d3236313232383031343830365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d0342000423c06cd6b3c8fc02e58cfbe7fb875eb04eeffd30979aaca722eca5960fdab70da472f2d2b8856537a2cde94da0eb23c8e15295b77e03a4a160dd97d9e3cfa5e1a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e0416041479222e6a2a3b71fbbde8734cf9e305fd491c998b301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf550183750349003046022100b2713c8e2a55d66a9149008c074d3d8fe164fc976f2550d67a5c77967976c7a0022100a5f85b3851db80ca5b0f4d127f69263dba5ed9c43e2c8f4140c619e44ae62e49', '\x0178514cbdf1b4ca57e4007eb75430bdac1cedc24b361361f4be274da589662dc67c7f3e3b73569e80b0bda5da8664e6c036d14293a8767b0214e96c9e986ba7cd6273c73b', 1795830486000, 1798422486000, 'good', 0, 0, 1795830786127, NULL);
INSERT INTO public.certificates VALUES ('sm2:310929233d0f0e0dec0242f22064500d175a68d2', '310929233d0f0e0dec0242f22064500d175a68d2', 'sm2', 'sign', 'OLD1', 'c-issued', 'sm2:310929233d0f0e0dec0242f22064500d175a68d2', '测试证书 sm2', '8c3f756d917e635760cff53f24c749bfdbd78721154a191cb1ff5c202e003230', '\x30820203308201a9a0030201020214310929233d0f0e0dec0242f22064500d175a68d2300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830365a170d3237313232383031343830365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d034200045f790c27a78ccf638c04552a82a878919d48fbbecc83401b0b3b676e65f2081bb92c7936487aa4af747d23f194b30404967c4610284ef41a84697491e22de1e1a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e041604143094b4ce8b25f35ca84e4f3c66dfd101e55c508f301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf55018375034800304502202caf58c78591e7826b6890615644aaa1a2e6a63d97e44aa52f85925934191f8e022100a62abbb1afa91f06b3f657d46f1e1e4816f036ac6c61949cfffa1fcf073cc1d7', NULL, 1795830486000, 1829958486000, 'good', 0, 0, 1795830786427, NULL);
INSERT INTO public.certificates VALUES ('sm2:196dd91847eff542427b6d89a97c5155defcfca8', '196dd91847eff542427b6d89a97c5155defcfca8', 'sm2', 'enc', 'OLD1', 'c-issued', 'sm2:310929233d0f0e0dec0242f22064500d175a68d2', '测试证书 sm2', '0dbe466f9dc24350ffd6119ef2ca253ae5800ea4487ae9839b50178caeb426a3', '\x30820202308201a9a0030201020214196dd91847eff542427b6d89a97c5155defcfca8300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343830365a170d3237313232383031343830365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d03420004e654c07463735d73100ebe669f4bfab36b3507c2841d50362ab1659886441fa2389cc32c8e6e78cf8b99f4d0b49145c086cf46ec0a63579859d0849db08a6835a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e04160414b82afd5ff599c27387ae534ab519cfe065ea955b301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf55018375034700304402206e8714cef739ff092adc5988f785ee74ab73a8012f6e0301a97db7e9b1a8fc4602203b477ac8cde5dc26a0c85e38804ef88a334390916e1511cf5d27adc51a39f7d2', '\x0178514cbdf1b4ca57b011d2ebe63459696ef1bafcd0cab33bc216e1b8c8bd7419a5e7bec9dec26aa5614d49716a91bb726e2e90e1031ea2b1c65015f2ed2ef2f19b7fb3a6', 1795830486000, 1829958486000, 'good', 0, 0, 1795830786427, NULL);
INSERT INTO public.certificates VALUES ('rsa:740ef9929c454944f77835b22d167940b8a3a06b', '740ef9929c454944f77835b22d167940b8a3a06b', 'rsa', 'sign', 'OLD1', 'c-done', 'rsa:740ef9929c454944f77835b22d167940b8a3a06b', '测试证书 rsa', '03dbd30b0154e13cde2e153b540079b903a2278bee0448b3c296ae192171ac68', '\x3082038f30820277a0030201020214740ef9929c454944f77835b22d167940b8a3a06b300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830385a170d3237313232383031343830375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100c23abc02ae8160f30e2d137d4fc36549324e1f4dbd300a90ff587882f21f6f7951a26ab534298738269cc1a023deb715251bef77a22830648e2d728cf7d2d04d282f48e2efc7fc6464052e33a5019b9d137d08aa495031fdd0233a5a6c13e1f11ceaf1cd4f3664e503e05d5108a8e219ebd0ddc5a57529f75a1f9a3606b2475457c57b91973c83e50e09555565be9bb51ffb0be8ac110a93ce5e0730fae319207f9458a5b7d502c6bf22f8824134c7ec303d826f2b1d44a04ae6cd546a891dd3eeba63afb3a25e2a3eef76b21c2aabc580ac43162347885d6da5226750fef6bb15f03a2969efdf738d34ede0983f80c231a5fadf7a35a9273a8f5556ba7380030203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414334eb0de12a7148f16e1d6730fa83528efcb9e37301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b0500038201010057b3ae1d6cf6419db2ebd7f2e158354fb47d2c2031c5312df72736bbbf719ea0c3556e8b763563384057f0aedc9a6a9aa3d389f90e1b7c8294962df127cb7fea5ee2be60bba5d697c47d9c3e17b7e045f662edd8da111418cc23da2f7b358596f6eb63c2a9abcc5d9391dbc60b93c6ab814694ed2297c42e1328764627bf1c5df0f996d20d4fc7ca525488f03daca6580f717bcfb2d043ab56fbeb5fcdd5f8636ebd8424e54cbdb55822404e80076cfb54fb5b83174e5bf1ff44ab319e8bcb366fc8bf0bf7749976c3b7260227989c245b6abffed54ad480a3b1515812eb291915f33d5b184960b999c3787787ba92dc882fc8f89891cb4238628ca2944b4849', NULL, 1795830488000, 1829958487000, 'good', 0, 0, 1795830789203, NULL);
INSERT INTO public.certificates VALUES ('rsa:610eeea1ea002e90716e9244352ccf96e641da1b', '610eeea1ea002e90716e9244352ccf96e641da1b', 'rsa', 'enc', 'OLD1', 'c-done', 'rsa:740ef9929c454944f77835b22d167940b8a3a06b', '测试证书 rsa', '5f95a07c960a89da992b01e0dc10d4ab9d3b089105ed4f25d870b3507df228f0', '\x3082038f30820277a0030201020214610eeea1ea002e90716e9244352ccf96e641da1b300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830385a170d3237313232383031343830375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100980e7daee987af61c8cda78a4aca7a60e3c6b950344803ade141d9e30e0a195064a4670c2e714dd33dc72b02bbdca8eb932140c19f46f220a22d5773a272f3a757b9162d88998be274085b505175366ab9b56379669e4d31087d1a84ed81bb17b73809fe76daef801c59f46a7b8532a1344ba80d5eef4e7713daa2194bea359e2b27dea8486f28046ec39d4aed15aa85a3dba29c62f44ad527cb5ac0a53b12b462c6fa528743202e6e2f246426c2de3c730dd2333b41bcade20e0d05469e043e23a456ca3cb2071dddffca61395cd63652a886315bcf1e8cfcb017b517f8f84f3ed719a37739d513dcf46455095a46ba9e385870c3b9a1a1f06777f81a5b7be90203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e04160414343b11f28800a2cd0d0b2703a20349e5103fcfba301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b0500038201010073cd7cdc8630fdc3efc28f011424d027c0371b9f7509b21569d2443516ef61cdef0c7bbf22c31918f2f0f789c841a6b891cfbd1df92eb94c83d6030b36d90db90308cfa4f45b964e3e2a94e5aa07be68a1b1ab7a2411d298c14a25f298be3554a7eec75b9f85eeee10feedaf487e8a88949a02eea14df47bdaeec52be702d290a4bc332524efaf022864fc46c7b14088ee9fba317ca034f104ceaa6c917ae919c37898d64c19375c61d19603851136bca40bf3ad90d54aafb1a3b1a283abe957749adcbf3ac00ea36d02748a0bd511c7f640f6d0bd651dde76933eaf146b031d8078379c0d0d4aacc15d77c976790b74edb6019d7311c4b943fb2b1dd7917330', '\x0178514cbdf1b4ca57ce3524a6de7751b02f78ed5d80e5659dca7aa2761b03bf5c005616ba5c1c88dd35c50771cc630ce39cc47cbc6c133da98c6f02109aba8b0372bef05555efa9ce8a4320eb851b68b8fb75cc3d9e527c4178c0b9b0580764d83a74d0c10dde110ff776c6e9693afd329ba652df0133e5a6c8b35dff1795afc6b4959c73a314c3cd25580b4bb09342a0a7c4864b0f9f7479529beb27bcadc9b33357764c998a08e1fcd12e061a100fc936328c2043604ba2c4bc43b97320a0c8703a0feb1fbde2e94e20eda8067c673c6d75c8c2edac1d3b5ffcfca29b0f600b05da7ed18cd3bbddd318d024db40a2eec6383313579b45dd1b5ba66d3f60a799da3905502f2a0f1d5f5bb75aeca8d32b344b8cea04285ce45745f499924acd052facf4ba11bd2eb504d9aa70220d0bec2b5b383e899a25f22e7a75802bee5f96398dcbb89397f1a98bc767f4dbbb0c34c747a41a95a57eb92ec660f6a52e6ce821659a40278aa08e3ac453e8619c954c464878f3f3564d8f7000b16602d341e41f9fffad67d4706b986dab0470ae67590cbc90c6fd87ac4e54a75de87b2d6a969791e1c9b0676b5c20d27b163b14e0f6e63b8eb81cbccc8bb5cdd33ecfd56f1366beeb4386be815d3ee77efdb9140a60dcce16c8cb1ed83fa90d22668a17d838e2fabb7a5960d51c971b6b515642f1d7389723c516c33572051d727f36712dab0e005536c14f62e2bbe0662fa884d7e786620ecba43ab5e220384af4bceb634f0822f60b3ba9c4976d89f5ab9a182ba590fcec0e2c5aad2e7854ce479752710471a5a54bed094a97f96c87a9236a34b3030f44c966f2babb935a7671f61be6f2b8e013fd51dcb5350ccb2dcfc2bec4e13422d785117a02db61620f6504cef159610c7204ee1ffdf5c15f188c44031dd354998287721e9606a1012dd0c9a54a37e1c4463b65a65da32d0b601594718f879026377bfafaa882be49317307813771809ada0126ada9066cb7c9ed5a72fbeaa91994d517204046108a576ec0a2badadffaf013502d6dd546a8387033e0730b19af50a3ceac979f1694f73a602b1976e86197b1b00a6143797b81e2553e8d52b143fd8e5fcc0299cddcc0f7f62b3454182ca347022439f1375f85a1920ff111b5710020fe42d70dfce34b5fd65cab16264a2fb3a0b145110eef7147aeb5b7ee2f1583d1b3b9a9a28b3374e2bf11b6deab9f88be9003d6f44a47bd442464523570a00a62459b50c75e4f9a0f56012a96695822becc7f2f5998a51bab5d8726293b9a7cb135769c0e90f4edd24d21e48e6f87c6bf0a9cc313d4207ae54f98b34f0d62e279c9d000fa6d35696f8046093fdfdbd82473c10f25dcf6a14714a8dd221c30fc5043a8be7d22af0c72017ac16ced81130e758805127bf26b936518d1fdf1376a543470ca9db508c29ed2d4e75a95b1b455b5bd4448b927461186aab212a6beb46ec584b77d1c816777bba9842cd05db44cac06193ae738e9660451f74653b08a02f1d9d5b0d0614bffb4549e5c5fb3b769e83cec0cc2db183da6aaac67517f8de32d418832c396b181081eb91d029187aa3415fa07b8d5556ed44d30a5998af926e26f6e9f57adcd1eb29ae6ddefd8ef0e8b7725173a862066660b99d002bf695d6450043692f608146450fd06418fb258a7fe965d741df4117cad0e0bc25001c52bbfc2118377a83a94dced024d3173a6e189d9ec10387f', 1795830488000, 1829958487000, 'good', 0, 0, 1795830789203, NULL);
INSERT INTO public.certificates VALUES ('rsa:19858206013388f4184b4bfafba61861127b55d2', '19858206013388f4184b4bfafba61861127b55d2', 'rsa', 'sign', 'OLD1', 'c-done', 'rsa:19858206013388f4184b4bfafba61861127b55d2', '测试证书 rsa', '8f60ea2dddd46a20bf85c72ac22d517f9c6b4e86f94f55b28fc66b71cccdb1cf', '\x3082038f30820277a003020102021419858206013388f4184b4bfafba61861127b55d2300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830375a170d3236313232383031343830375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100ca6ef58e406d2f2bedc784286f961b1fc5d9665cef0c02d074408061a17e804c7100b70c77808852943cdbc22beef84c7b4e3a5b3be1c4c2c27cae19845d202a83b1bdd006e25d88339a732eecab097a9222358de3bd6ef296ea1e8ac089b3cba27cb23743062e4a84c604960c8c02038c089d6db134b9960116e687061d33225a5c0ba480da13a608450c5ae2dfa2756865f8af5c674184626eed2c1766797d3dd7bce18aa46c612e4433e80b07379dd52d31357cffca213b3d29fd9481e75e80a716394acf341e0ab30b90f7b4dfb49f090d688d3ccde5aafa0d183f743a276d0be7332ab451942843f1b15950c9b2072814f8ce118a0f2ed64965716f004d0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414883a5feb43a3aa49da9d6707158628121b67978c301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b0500038201010080642a36b5345c023b3dda4e0bfaec21ccd8267bfb7dfa51e76d54ec8caff0fcd7a5705eade0282719ddb4435292be97ee7062397602c64b7aee82ea9d650d47048d98867a037ffbff04b7837131fa90d34abc3f1b0bcbf89329d34b4306ac36dc64cb141c8d5efa2f1f97256363d95f850081dd8f62b5aa07825a4a78974e48037c7cd7039f6e770af6bdae3c1aadde9f6a833a85c95712b21931d86c39ae36bccd0f470bb9092880414ae7e0d72bb117a0233a29b0215fb44ea283cd87b8a1807ed5a079898acd4be6fc487ac7ec5f82e6538174dc2cd682a6a303a97f62e675eca1ac5480912221bd45fa8bcfacd786a00a88eb291cb2b250380f0b33a914', NULL, 1795830487000, 1798422487000, 'revoked', 1795830789385, 4, 1795830788117, NULL);
INSERT INTO public.certificates VALUES ('rsa:6b063e514e9e195d7361e348bc7f382b97864e1b', '6b063e514e9e195d7361e348bc7f382b97864e1b', 'rsa', 'enc', 'OLD1', 'c-done', 'rsa:19858206013388f4184b4bfafba61861127b55d2', '测试证书 rsa', 'ec80e3b26e4d6bce5281655d7d6085b8b7d85e94aa821583849db74244b8fa29', '\x3082038f30820277a00302010202146b063e514e9e195d7361e348bc7f382b97864e1b300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132383031343830375a170d3236313232383031343830375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100cbd39bcc28c2eb61bb09f1b8669dd54c5541f090f95bedb2c4bc0251d6288fcb7dc59040d6e841f1cceac1e0cdf1a79361dacd49d990475127f487fb49e51937ecdaf616d2d8725e7e15273303388a6bb69845d005305275cecc965fbe6355b2de5b4b88153c9994fc42597ce17998fbc182d008d2cf3a2a2223df024812b639a537ea8aa5492a6c2234f4d3b55b55ca1a9beb2f85f3aa4308f2d945f5ecbf35d28a88a71b7dab9a7b43c99514eb65d7d60f529a3118605c5ba94b33cd8a87a303915b1ef45f5c00cc460d888a33b7109f9b54be96277dcf848bcd8a3abe612af3615e8df9908c4ca1d6140b7a685a6239ad83b935429eeef71e0a39e9f5593d0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e04160414c276f64e750521ee6fb4a9a07a69d050a91ffdec301f0603551d23041830168014defba6c836d3d913ccb55ae710c7acd4b5d4fc36300d06092a864886f70d01010b050003820101008ffa908da0fc815df50089aa71b20742a0bd3f139acce3978ae460a94685bd9f68706a07af35da0219c39c96261922bf52ff13fcf938001935f183bfb115293fd5dbed50ff26c4c4ba2b9821096bd99761e86f45c367a71f597bb8a0529489c977704ffdd23d211d5d2c340981f4c5eb49b1c8ecf4cc1cdcfdf870fcf27473246f84f9ec9e5cbc2e673ae5fd6e7fc984130d806fd66e0b96438426ba5476d02ac3953e3c8780490dee10513c8d0a7df2301f9305016605ecd0caee8d27aa9e2774790cf50de9f2142a53931cfd3f2700a14e1eb96804d78f11a2262725fd8ef2e08eab45b7bdc2d7c01b1147ec7f6a7e57beffb1d13187e965ecf5429e0e249f', '\x0178514cbdf1b4ca575c5d3d5ed70f815b63e37b2f5fdf39ffb35285353ddf6f5f46eaa5ee76c5fca6fb26419e28c1ac3ea42d4dc16fdcdcd35bfbbc9935f6288428749de89d3df79115dd20ae4ae05498c7135b3464a99656218479e6d1ff67b831cfd340b0726366d609bf241e5e6695ee3a9af4db25aead0f46578a56db360247c2aa3965683be2cf2a3114e575229cc25c7fefcb6ab0cefa07670f3a36bb6c164313cc86a727aeb6bf968a877a4ce9f39247883c48d4cba3bb97ee1fa29bbd67d9d481c6f17b0b58269ededad3ca7ffbbb1a02fb39ef5f1e7b22cbe9bb9cbc796a208fb6de34bac2dd11dfd42604f24563a25dfc2a6987f917bfe35c4c6e46ffb7e3e9b9cd68f13e79efe87f649d783ddb25585fe3cb61d6a7cf7730be19d147fba8caf0b24f6dce25a2d3d3508e27e7ba9933d75555bbbc0a2e028a08adfe37198c565726c43a54f12001ae9167a171b06a2476ad9a7addd4b942a2744801cdd1cd5ecc17059285bf6a3b4b9a31bea09ea0444a5f9c6480d41f6e02d0e636bfed88e4a94d9239bcace74455e8e8a2302a4ee386111e37ebe8e49ce18bdfd7b293222c04606bea36a94740cef79c68e492bdfa22ac3854dd451d1b9dcfcf2b5d138779881834639a748e3805039ef371a2bb0524ca2c0691af328237b05fbc073cd32f57993ae58f202effd30ca46da560f5cfe14274cbfa2737ba785d7ad73ebd3fd7d4d7bda02444f62fa2033acb7c3a4b29cffe7e3b9949446ca638b65eaefa7c938d94a330a91b77f658577c63e839b4dcf8b6263c06dc4847e87372d93894ebf8b05b1916ec0f9f2e75e9cad092a9eccf3fc07db45e62b47067471b3332fba867a964ab63563f7652e7abf0b2cd30a014219c4111c25c0da1b3145a69e85cfd0da8e9ff9cdf2d790f103c85a0eb59ffc460e4c13f7eb1719905b9b6e269f41923a065d854d97b3e29c06410d6b843e2494381061cdd26ada39dfd3ac5ae276bb2fe00e9a7c5453c82491527080394af2e036ef343b0006e484b640344d9ac9e5ce900d645e5e86977e330ab765396fb0685e4580f09bb4dbc006af63386a71893b70db1b94ba1c54e27918385f77423ae6e38258776f3e80fd936c96d302434a761e088b6e7d28ca3c35d808fda5fd20f5799ff16a9eb116ea7a63a89388d6bbff4f498d75b28494834ffe1d62278fef311cd2f37eb09ed51c9beed8cb60f8aabe3864546dc4bb1863cab6e2ffb7c6d31c291c26f152b67a8ac77b5b784c1ff9aa9ccb16b5ab438a8398a5e7d6052af43026af853b58cd1e133f91bef9baa8be441e7e7f27a748181dc7bd1c4ceccc544bf3f2c9b2bc1f648ebd5ef93c538e48bc554d19825cd04ccfd6c0b2df694547e2e8b7a411fb973d9646ea4fa35a03a88cd52f008fdab4e608b1a63e92fa76273dc862d4f2ff3076efbec04c89562d3eb1f426993916f5d703352ceacff067cb4b5b106e19302281ce19643c47c437d440baf04c2ac7ba4241a14462ff560d7effa75da3d44ba7ffb870eae343aea197e75a7e1ca091ec15cf4bacdd9f861343235491af556b1b0902c0d46d54924a9f54929caf0cbdf00ef7e459764a3a8c79fe78f776589dde99194d8c4f830b8c8a241173a4317875fcaaba99987b9693f06353a440285e0772760c1dc16283dfa063ebfbfae7a280e7dc1d2954cedf29518e7b1ebf4c7205c1812c4a5d0f1d0079b5b259de603220911', 1795830487000, 1798422487000, 'revoked', 1795830789385, 4, 1795830788117, NULL);
INSERT INTO public.certificates VALUES ('sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', '4bef2a5427a1389e8be6a6336168f61500f922d4', 'sm2', 'sign', 'OLDNEW1', 'UserKey', 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', '示例科技有限公司', '1ea39ef5bcdf3c30ebc7607fd6812fb33e7a8ad39aa1706c31ec968356506f36', '\x3082020c308201b1a00302010202144bef2a5427a1389e8be6a6336168f61500f922d4300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343831335a170d3237313132383031353331335a3053310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83121301f06035504030c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83059301306072a8648ce3d020106082a811ccf5501822d034200048c6c87f638f169d9a8a65ff4003dcc249cf8bdb510d07825b08edbb292afae322a525f764bc3e5c58291b24568e83362031f634ee35fe1cb1528e1d6ca467fb6a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e0416041491495896ac21757fb397abfd96ba1e07cfcf018d301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf550183750349003046022100d5d07a5abd9d905aaa66026168b8d177cff8404e169c0a2d024539b3b1a352a8022100f53e4449811ee5fd657dd1a2cd298f5956e2723f297dcc73b8251a69f5f910ce', NULL, 1795830493000, 1827366793000, 'good', 0, 0, 1795830793031, '\x0178514cbdf1b4ca57299239d0fef99025eedeac0217cb486952ac0c95c1288830647913b813cf7d1cf3e105031fce65e401ab06caaa85');
INSERT INTO public.certificates VALUES ('sm2:6bc29df83fbb283d6ff91ce6e374670c1bbd24bc', '6bc29df83fbb283d6ff91ce6e374670c1bbd24bc', 'sm2', 'enc', 'OLDNEW1', 'UserKey', 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', '示例科技有限公司', 'cf6ee0b77117aef300bc37e0566da0a7a1000e6cf95c41666a7261c01544394b', '\x3082020b308201b1a00302010202146bc29df83fbb283d6ff91ce6e374670c1bbd24bc300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132383031343831335a170d3237313132383031353331335a3053310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83121301f06035504030c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83059301306072a8648ce3d020106082a811ccf5501822d03420004de8b907e8aa9313d6898663bd2336ba977037f621b8789630ea93713fac32ecb1deb8e61fec60ac8439215dd092a5942371247927a65dee81c28b5d61f9a1e08a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e041604144fa3aa7196a22f72305a215a83757083e859dbfa301f0603551d23041830168014ee88f7f09d79b528a8686e5e4c3e369168087b7b300a06082a811ccf5501837503480030450220040e32aba36013610e8eeba0f1b18eeee86d23ea4efa39764ee8854aaefb478a022100bff2400132c1328f27b490e8ddd034f3bb685fb9853b4cf7ab85bce91a1e2de7', '\x0178514cbdf1b4ca57d2d074d93f11a96a48cea4534346a84f20ff50f53a115aac45a15292402b4fa43f1734e4bb517fa4ca87b7d6c9424fcf75da40c3be1283b830f5ba83', 1795830493000, 1827366793000, 'good', 0, 0, 1795830793031, NULL);


--
-- Data for Name: codes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.codes VALUES ('01M8FXPE5790TJZ9HV3E1AHNTP', 'customer', 'ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', NULL, '\x7aa921353b701f6136b7df1668ca416e77a7bebaf7e71ee664890ec875888428', 5, 'used', 1795830790301, 1795831390301);
INSERT INTO public.codes VALUES ('01M8FXPEG2T9KSFSMZ3ECG8QXX', 'verify', '01M8FXPEA15HS4GZNCFY7CE74C', NULL, '\xb23d4e7d5b224ab698a4d1b7d7f578c07ab187dbb45e8a3e5095622091709542', 5, 'used', 1795830790657, 1795831390657);
INSERT INTO public.codes VALUES ('01M8FXPFRAGQH1KY98TYXS061D', 'sign', '01M8FXPEA15HS4GZNCFY7CE74C', NULL, '\x02eaab84c53365938e5b5a5096465aa296d08a1c7956421d5354a56af6289080', 5, 'used', 1795830791943, 1795831391943);
INSERT INTO public.codes VALUES ('01M8FXPJ8D8TK2P308FKSTEWGQ', 'verify', '01M8FXPJ49361WJBNJ1KF237C0', NULL, '\x5cfcb107fad6e57d51a0f1f6e8dbde97d32a56b4d94f9e6a6a94fa99a859202b', 5, 'used', 1795830794509, 1795831394509);
INSERT INTO public.codes VALUES ('01M8FXPKDWKC3XAV2RXC7E2GP1', 'sign', '01M8FXPJ49361WJBNJ1KF237C0', NULL, '\xc925d2cfc1a0aa82e2c7caf6806835fe1542a4fd7273ed89aa0cd91e272dc0a9', 5, 'used', 1795830795706, 1795831395706);
INSERT INTO public.codes VALUES ('01M8FXPKR0EYR2F86Z6HW9W5E9', 'verify', '01M8FXPKQ4B9R25EGCJB1T1EP4', NULL, '\x8cc86d677832775d6e0785a720ed746acf11b729c88b923e9d2cebad878776c0', 5, 'void', 1795830796029, 1796089996029);
INSERT INTO public.codes VALUES ('01M8FXPKSK9XGNK71684FE68K7', 'verify', '01M8FXPKQ4B9R25EGCJB1T1EP4', NULL, '\x3ca0acb133c68302d3bd14738dd8da8f127f2296d6efbe07b1fcd50fe6de46a9', 5, 'open', 1795830796082, 1795831396082);


--
-- Data for Name: crls; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customer_sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.customer_sessions VALUES ('1d295d78331fe2ee47c7dbe81269b3d7f38acdb4441f7c781d96983901d37996', '91110108MA0123456G', '\x0178514cbdf1b4ca575d5dfb5ff51aefae8440184e0c35fb75b19c7d778da393a70241b2a116f15fe19b2266c5a61feb', 1795830790426, 1795834390426);


--
-- Data for Name: device_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.device_keys VALUES ('OLDNEW1', '\x0178514cbdf1b4ca57120976805d66b1504a3f2381dd3003a4999e5c92df33681569b213d589d63ece6828881caa4f0490f4f98a84', 1, 1795830792903);


--
-- Data for Name: documents; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'licence', '8de50c09a5f03f807521fa74681334e0db9cdc550572d8bdaad8613550dc9bab', 1795830791790);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'operator-id-front', '880d95c239845817da6fc74a6aa3f6b91db11a85355986835f83f64525b98fb9', 1795830791812);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'operator-id-back', 'fba38ee907fc8f87e40d334563e32baea983beb1550197bcfbe6bc2e5bb1085e', 1795830791845);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'seal-sheet', '5bd90652da5b0cd981eacdf109d78fe657237a693b7db644828a390645f10e65', 1795830791885);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'invoice-pdf', 'd836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad', 1795830794294);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'invoice-ofd', '3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74', 1795830794303);
INSERT INTO public.documents VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'invoice-xml', '27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f', 1795830794310);
INSERT INTO public.documents VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'licence', '40500c86db13a664c40c7242d011fc59ccf5a93e18b0f21241bf064f452f9a7d', 1795830795585);
INSERT INTO public.documents VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'operator-id-front', '73457307044ebe044ab46aacc840852783e3be79abbd9d29020ebde909ad0bf6', 1795830795605);
INSERT INTO public.documents VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'operator-id-back', '6403432cd629a972031ee1cfdb99006d937ce42330a9a9d6aa7064707f4ae401', 1795830795621);
INSERT INTO public.documents VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'seal-sheet', 'b083b3b58c646595b045ccce45be6caa08563be84a81fbe5910e4bcb5f798738', 1795830795645);


--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency VALUES ('POST /v1/unlock-requests ', '3c9b480e-a10e-43c7-b4d9-6ccde260aa98', '\x4b0fb3e526b0e8e627957431f89eb10fa8772470032e3e61728d9b7d147b36fc', 'done', 1795830842965, 202, 'application/json', '\x7b226964223a2230314d38465850365a57464130565a3936394a33514539343259222c22657870697265735f6174223a313739353833313338323936357d', 1795917182965);
INSERT INTO public.idempotency VALUES ('POST /v1/unlock-requests ', '3d31f989-df7e-4301-8861-6b843e45c98a', '\x825b3a59428119bddd5c4c503a89fb51290cd9d4f75e6138114c7b72f4147ea4', 'done', 1795830843136, 202, 'application/json', '\x7b226964223a2230314d384658503735353039434e464d4831444b324a54543143222c22657870697265735f6174223a313739353833313338333133367d', 1795917183136);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:598f6f2eca0068b215590c8fd3d19378b620573b', '2bbfb80f-fab1-4435-a86f-b3257e49af9d', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795830844155, 201, 'application/json', '\x7b226964223a2230314d384658503835324a514358524e485a5437475430423746222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d7761697473222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353833303738343135372c22657870697265735f6174223a313739353931373138343135372c226f6c645f6e6f745f6166746572223a313739383432323438333030302c226e65775f6e6f745f6166746572223a313832393935383438333030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795917184155);
INSERT INTO public.idempotency VALUES ('POST /v1/orders sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', '167a7610-6211-4eb7-a377-a54867c92c77', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795830844421, 201, 'application/json', '\x7b226964223a2230314d38465850384442434d3437424a36324b48325154414857222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d63616e63656c6c6564222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303738343432362c22657870697265735f6174223a313739353931373138343432362c226f6c645f6e6f745f6166746572223a313739383432323438343030302c226e65775f6e6f745f6166746572223a313832393935383438343030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795917184421);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', 'c36c6dd3-61c9-44a3-bebb-d32645fe477c', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795830845907, 201, 'application/json', '\x7b226964223a2230314d384658503956513151334e434358364141483831464b44222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d70616964222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353833303738353930392c22657870697265735f6174223a313739353931373138353930392c226f6c645f6e6f745f6166746572223a313739383432323438353030302c226e65775f6e6f745f6166746572223a313832393935383438353030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795917185907);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXP9VQ1Q3NCCX6AAH81FKD/payment rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', '19a97816-32c0-4a2e-9838-aaa4aa1d0bd0', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795830845934, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d6132333866333034363833373438336135353132353633643637373633613130222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795917185934);
INSERT INTO public.idempotency VALUES ('POST /v1/orders sm2:5a750099b67b868d42065b44053a73003e5ec240', '72bdcebe-a88a-427b-92a8-964905d95e0b', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795830846209, 201, 'application/json', '\x7b226964223a2230314d38465850413536314239464742585a5156445339574351222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d697373756564222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303738363231312c22657870697265735f6174223a313739353931373138363231312c226f6c645f6e6f745f6166746572223a313739383432323438363030302c226e65775f6e6f745f6166746572223a313832393935383438363030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795917186209);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPA561B9FGBXZQVDS9WCQ/payment sm2:5a750099b67b868d42065b44053a73003e5ec240', '2bf92d65-30ff-48c2-aabe-2679e508b895', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795830846233, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3432616431363863316237363164343262343430323638623464396663366338222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795917186233);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPA561B9FGBXZQVDS9WCQ/certificates sm2:5a750099b67b868d42065b44053a73003e5ec240', 'badf41d3-d84e-41ca-96db-3acda337e9a7', '\x65b2e3f23fdad5c6b258c6e3a99b89604156424bc40cb3b7f1423818c6668eb5', 'done', 1795830846409, 200, 'application/json', '\x7b227369676e5f6365727469666963617465223a224d494943417a434341616d6741774942416749554d516b70497a305044673373416b4c794947525144526461614e4977436759494b6f45637a31554267335577566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467774e6c6f58445449334d5449794f4441784e4467774e6c6f77537a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f57507544455a4d42634741315545417777513572574c364b2b56364b2b42354c6d6d49484e744d6a425a4d424d4742797147534d34394167454743437142484d39564159497441304941424639354443656e6a4d396a6a4152564b6f4b6f654a47645350752b7a494e41477773375a32356c38676762755378354e6b6836704b3930665350786c4c4d45424a5a385268416f5476516168476c306b6549743465476a594442654d41774741315564457745422f7751434d41417744675944565230504151482f42415144416762414d4230474131556444675157424251776c4c544f6979587a584b684f547a786d33394542355678516a7a416642674e5648534d454744415767425475695066776e586d314b4b686f626c354d506a615261416837657a414b4267677167527a505651474464514e49414442464169417372316a48685a486e676d746f6b474657524b71686f75616d505a666b53715576685a4a5a4e426b666a674968414b59717537477671523847732f5a5831473865486b675738446173624747556e502f3648383848504d4858222c22656e635f6365727469666963617465223a224d494943416a434341616d6741774942416749554757335a4745667639554a436532324a71587852566437382f4b6777436759494b6f45637a31554267335577566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467774e6c6f58445449334d5449794f4441784e4467774e6c6f77537a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f57507544455a4d42634741315545417777513572574c364b2b56364b2b42354c6d6d49484e744d6a425a4d424d4742797147534d34394167454743437142484d39564159497441304941424f5a557748526a6331317a4541362b5a70394c2b724e724e516643684231514e6971785a5a694752422b694f4a7a444c493575654d2b4c6d665451744a4646774962505275774b59316559576443456e62434b6144576a594442654d41774741315564457745422f7751434d41417744675944565230504151482f4241514441674d344d4230474131556444675157424253344b763166395a6e43633465755530713147632f675a657156577a416642674e5648534d454744415767425475695066776e586d314b4b686f626c354d506a615261416837657a414b4267677167527a505651474464514e4841444245416942756878544f397a6e2f4353726357596a336865353071334f6f41533975417747706662667073616a38526749674f306436794d336c334361677946343467453734696a4e446b4a4675465248505853657478526f353939493d222c22656e76656c6f7065223a224d494942446a414b4267677167527a505651466f41544235416942566d4e486d624662446e485977695a75506d6b4c4a583174722b6f7075587837524c464f6131475030765149684149586c2f317336514461462f5a6b6169343456714d3155684171473636663837386b56786b5248354e592f4243425273597333646b31484841436171774d4e34325a37626e6c786b59734e307a744d5a772b4d4277574b346751513654316e6b41704a55675769676e4e534a696d6c32414e434141546d564d423059334e646378414f766d6166532f717a617a5548776f51645544597173575759686b51666f6a69637779794f626e6a5069356e30304c5352526343477a306273436d4e586d466e51684a3277696d67314130454130433835386262434e565949547a6c486f5038742b7441764f664732776a5657434538355236442f4c66705a346f396a4137645a536d766d5a7a68736238583857413238667366694f394141424c6a716153767867773d3d222c22636861696e223a5b224d49494345544343416265674177494241674955664a44582f572f2b3732772f644354486871754e576b7a6330333877436759494b6f45637a31554267335577557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464e4e4d6942536232393049454e424d423458445449324d5445794f4441774e544d774d466f58445451784d5445794e4441774e544d774d466f77566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d466b77457759484b6f5a497a6a3043415159494b6f45637a3155426769304451674145743167507771654d2b6d376f624d36535165735177577a707057784868554c496c3168437372317931714f5047384c4f764b716a4233756b69694131554279424538564b373152313654535a564c567159524f6834614e6d4d47517745675944565230544151482f42416777426745422f7749424144414f42674e56485138424166384542414d4341515977485159445652304f42425945464f3649392f43646562556f71476875586b772b4e70466f434874374d42384741315564497751594d426141464b3633704646334c326369536b33365270754d3853353147534c354d416f4743437142484d395641594e31413067414d455543494430637857724b4c472f6165736e4c6f644a7844614645787379506574754f5151656f6e6136732f64514c41694541774635726e2f586470644431322f69374b712b3750617a70483557314c6d2b59774b71346b7a44737a61413d222c224d4949434444434341624f6741774942416749554832694b7636343233594d31367a484853724838566f56466f6d4577436759494b6f45637a31554267335577557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464e4e4d6942536232393049454e424d434158445449324d5445794f4441774e544d774d466f59447a49774e5445784d5449794d4441314d7a4177576a42544d517377435159445651514745774a44546a45684d423847413155454367775935365336354c364c364b2b42354c6d6d364b366b364b2b4235707936357036454d534577487759445651514444426846654746746347786c49454a4b513045675530307949464a7662335167513045775754415442676371686b6a4f505149424267677167527a50565147434c514e43414154634a5775306f45306831566a614d554e63735042566b377653786352374c7631384c336e50646d6639315330762b7161573163303941314a7877434a577161386a2f7a31627562524554487a536a497378344555726f324d775954415042674e5648524d4241663845425441444151482f4d41344741315564447745422f77514541774942426a416442674e5648513445466751557272656b555863765a794a4b546670476d347a784c6e555a49766b77487759445652306a42426777466f41557272656b555863765a794a4b546670476d347a784c6e555a49766b77436759494b6f45637a315542673355445277417752414967475439315a6b3230386e7234427468696a5171437a2f58754548644270666b584f586432333666736e727743494843662f6533305565336c737679505a474f522b3275754a6e38442f68445363446d324f6e6461564f5447225d2c22736d325f6964223a2231323334353637383132333435363738227d', 1795917186409);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:19858206013388f4184b4bfafba61861127b55d2', '533d6fb9-555d-4952-b972-ee5d729919df', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795830848166, 201, 'application/json', '\x7b226964223a2230314d38465850433238333145324157514d5047413239413830222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d646f6e65222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353833303738383136372c22657870697265735f6174223a313739353931373138383136372c226f6c645f6e6f745f6166746572223a313739383432323438373030302c226e65775f6e6f745f6166746572223a313832393935383438373030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795917188166);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPC2831E2AWQMPGA29A80/payment rsa:19858206013388f4184b4bfafba61861127b55d2', 'ed8a7770-e6a2-4b28-bede-7b56fade9130', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795830848182, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3763663361306231663132646164616666356161373630396131666531336232222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795917188182);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPC2831E2AWQMPGA29A80/certificates rsa:19858206013388f4184b4bfafba61861127b55d2', '886fb5d4-4921-4dd3-988e-a7575a322dd2', '\x8fda1233e7f1154c36c5d81ff92af102a1bf1f975aeb3d7ec064146be541fe5b', 'done', 1795830848642, 200, 'application/json', '\x7b227369676e5f6365727469666963617465223a224d4949446a7a4343416e65674177494241674955644137356b70784653555433654457794c525a35514c696a6f4773774451594a4b6f5a496876634e4151454c42514177566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464a545153424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467774f466f58445449334d5449794f4441784e4467774e316f77537a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f57507544455a4d42634741315545417777513572574c364b2b56364b2b42354c6d6d49484a7a59544343415349774451594a4b6f5a496876634e4151454242514144676745504144434341516f4367674542414d493676414b756757447a4469305466552f445a556b795468394e7654414b6b50395965494c794832393555614a7174545170687a676d6e4d47674939363346535562373365694b44426b6a6931796a5066533045306f4c306a69373866385a4751464c6a4f6c415a756445333049716b6c514d663351497a70616242506838527a71386331504e6d546c412b42645551696f34686e72304e33467058557039316f666d6a5947736b6455563856376b5a6338672b554f435656565a62366274522f37432b6973455171547a6c34484d50726a4753422f6c46696c74395543787238692b494a424e4d66734d44324362797364524b424b35733155616f6b64302b363659362b7a6f6c347150753932736877717138574172454d57493065495857326c496d64512f766137466641364b576e7633334f4e4e4f33676d442b41776a476c2b7439364e616b6e4f6f39565672707a67414d434177454141614e674d46347744415944565230544151482f424149774144414f42674e56485138424166384542414d4342734177485159445652304f4242594546444e4f734e3453707853504675485763772b6f4e536a76793534334d42384741315564497751594d426141464e37377073673230396b547a4c566135784448724e5331315077324d4130474353714753496233445145424377554141344942415142587336346462505a426e624c72312f4c685744565074483073494448464d5333334a7a6137763347656f4d4e56626f74324e574d3451466677727479616170716a30346e3544687438677053574c66456e79332f7158754b2b594c756c31706645665a772b4637666752665a6937646a61455251597a4350614c337331685a6232363250437161764d585a4f523238594c6b3861726755615537534b58784334544b485a474a373863586644356c74494e5438664b556c534938443273706c675063587650737442447131623736312f4e3166686a627232454a4f564d76625659496b424f674164732b31543757344d58546c76782f3053724d5a364c797a5a76794c384c3933535a64734f334a67496e6d4a776b5732712f2f74564b3149436a73564659457573704752587a50567359535743356d634e34643465366b7479494c386a346d4a484c516a68696a4b4b555330684a222c22656e635f6365727469666963617465223a224d4949446a7a4343416e65674177494241674955595137756f656f414c70427862704a454e537a506c755a42326873774451594a4b6f5a496876634e4151454c42514177566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464a545153424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467774f466f58445449334d5449794f4441784e4467774e316f77537a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f57507544455a4d42634741315545417777513572574c364b2b56364b2b42354c6d6d49484a7a59544343415349774451594a4b6f5a496876634e4151454242514144676745504144434341516f4367674542414a674f6661377068363968794d326e696b724b656d446a78726c514e4567447265464232654d4f43686c515a4b526e4443357854644d39787973437539796f36354d68514d4766527649676f69315863364a793836645875525974694a6d4c346e51495731425264545a717562566a65576165545445496652714537594737463763344366353232752b4148466e30616e75464d7145305336674e5875394f647850616f686c4c366a57654b796665714568764b4152757735314b37525771686150626f707869394572564a387461774b5537457252697876705368304d674c6d34764a47516d77743438637733534d7a7442764b3369446730465270344550694f6b56736f387367636433662f4b59546c63316a5a5371495978573838656a507977463755582b5068505074635a6f336335315250633947525643567047757034345748444475614768384764332b427062652b6b434177454141614e674d46347744415944565230544151482f424149774144414f42674e56485138424166384542414d4342444177485159445652304f424259454644513745664b49414b4c4e4451736e413649445365555150382b364d42384741315564497751594d426141464e37377073673230396b547a4c566135784448724e5331315077324d41304743537147534962334451454243775541413449424151427a7a587a63686a4439772b2f436a7745554a4e416e774463626e33554a73685670306b5131467539687a65384d6537386977786b593876443369636842707269527a3730642b53363554495057417773323251323541776a50705052626c6b342b4b70546c7167652b614b477871336f6b45644b5977556f6c3870692b4e56536e377364626e3458753768442b37613949666f71496c4a6f433771464e394876613773557235774c536b4b53384d79556b373638434b4754385273657851496a756e376f78664b41303851544f716d795265756b5a77336959316b775a4e317868305a594468524532764b514c383632513155717673614f786f6f4f72365664306d74792f4f73414f6f32304364496f4c31524848396b4432304c316c486435326b7a367646477344485942344e35774e445571737756313379585a35433354747467476463784845755550374b7833586b584d77222c22656e76656c6f7065223a224d494946787749424154414b4267677167527a505651466f415153434151434e2f6565426f4348392b713634385038762f6638377367796861415669743645463332667833564163586d754b73564150567069625a4d45633747462f34744d4d795973623363307a7a6e77784430394743664a543651484b7071426d33336252754475376c596a485863512b577530714f346e3571493246597a4c364f4c2b467566464e35445176532b4f6f6837635a55574f592f7a32634276444b42592b4363786e63706d476f3232514856366c67376373577738327058653941476c7a322b745a4c6c4876674f666d576b494553765550326530575272586e596d684c3745736a416855316d336579434e326e4a63364d2b5471694c4e56396165574f5742306b2f417043434141676c45412b786752704d462b66773463704f61704635566f2b655646616d674b34472f4545364e7145486e6d5141767143566d76776a797955676f44675877684b2f3268724345776f3542494945734e58714879355a5450385a4e6932527949754e5837786e53334479784f2f506336673249703467462b4459767261453164737465663746784e7858355271436a5a767a6e2f764d6f41424f3351755a5344737063515a7143417a7a6e4968564c6c4e707556666c424235476c344d636a416b5a676b3466535a527263716c7653475343456d78586f4966475846535563337a656e3662474b6568546d69646f33674374672b35526d53364d7670374e71696a4f58474d4162317a6834702b4f71653059476f34382b56736c62723748462f55484758497a7663537530416a5469796b2b652f426647774450593159757a6263514546754e384a32523552686f7a424437553759735745714c31625872564f69336d412b547a436a344a42674a502b7839795835536f77716a783642797369584f7a5364356b6b6364584878306f4e42335443584c4e48656645474d323841786435794e444163765539346631467056743972464468656d432b6646304b355370455757356a7651746f6c78744845317a62373862504f30536372353849756c33656362303568664b437a4e3056677a37645371692b58684e485a735175356c573758794f786b634966645830546f38733448575354652b4272752b4c62684569356c6d526171707977574a686958585971784d4f347343356852425357634b315867737047327a732f6867394574497833523456396b486d79596d4a48727356414e473069752b63396f726c50775230767a3243636749596157496d434f313446584a6e54376f68374e37326c782b7439484d6a335957492b4e642f666756783543472f7958684b7167425857686e5879564c57473250652b2b357237576d696b313564657471304b41446b794f416a66347835456946774b456a304b437745693632396f784965594b525a4a733941642b393238426155516b4233467631784b64456242777a32775549472b5a3838344f6e32424750715758424470312b6a2b322b703446596d6351704b532f7971554e587a346778356d646376643974564b47313333746b716247644c6665694d3177362b43555963616f6c76336f2b74324469354a4f38685434496d423937324c6838665562774a4f7336784f4a79787a6b4535746a743968535679666f65784e73394839556f342b787a2b516233385573714170536969723970396b6e4d3458457336327a4465475a446f456244636d5641684a53437635644e57306d4556564a786471474d4e744b714a33674647334d4630723558596534796a4b586b4c757459335244786c6f72696e304137424a697a6455504230636c457a585979376a6a69727446495276372b334f2b3056386655316a6635375a444438644f414d49693335446c316e4c4b58576a4a754b4d633151656e71466e71694e445273333665484c6563336e4775766a42746c67385948344c36457751453467416e716e4b39302f434679733842652b75425276553677642f7739634f4a39632f4f4c2b6c5731746a616d78546d626759454a76482f4241577474734d2f35364d6f726c7552773066726a6e63635757455a4738686e576e4f5553746c7239502b65394e34737857305078326b53555742685139346344556c7241587355587051717368654259786c686331336159356446414232423162575456516e2f314c3049574a496a32737661656235566a665330526e7a49473743545777654f57506271314a4235786c4655454e5137507061707072386c614450754f756f77766b4a32662f36777a71794a696a4679353869776d71636638447364763577576c514459436539625a4e554564412f30745446616542306f714c764a795a51415341596551614c666748342f37684b7a673762746368687a4f47656e4c3846654e324b68465239692b79626e6b6e34677632424d45736c7776464e326c7a624b6c6c396643686d53315848706f464573384f6e6b6e3059617237643646644944674a4e73725a42416d486b6c3048664e694f354f3835536b4d5a764b544e6f66694f7a525234672f443662477a74486630715466507856785550624f766c6d662f564932634b736f415241384b59355a774e5a4f74503470707475656b705578623070334c68316732524d3476556f625674575a52303045386d317a51784c4e4c6979557071737377774a5571426175554f4431616c3568486a69364b4d6335317970413d3d222c22636861696e223a5b224d4949446e544343416f576741774942416749556232587145306f7a4738386f6a2b35452f6a54616d59454869474d774451594a4b6f5a496876634e4151454c42514177557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464a54515342536232393049454e424d423458445449324d5445794f4441774e544d774d466f58445451784d5445794e4441774e544d774d466f77566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464a545153424a63334e316157356e49454e424d494942496a414e42676b71686b6947397730424151454641414f43415138414d49494243674b4341514541304d706549546f68634554424239307a714e657849664a34496463372f4b2f366847553036486774554f6953413067384a5336324479555375674c504d355a386765323248754a39565139776e4b6e536b77304a58494648576e53336f75672b5045507766434a6f435566612f7277795a333759497a2f3657672b6d6f586e33694b51552b547046536762497973786e794d4d7876724649452b545237383539674855727466596e324f78452b503548377343434e5841434e5369417a5045466c4c33485347677661513041644a717758344d47564c53456735306a4533736a58376446316d6b387172652b55454561496674662b696736725566324a59466f4b694a4d2f764d31704d786e63774174454a4f6459526a396f2b456931314167562f31635364724b30733244526e787178527a474d54794c7556344d36797244493233315a324b306365585144352b354461355048774944415141426f3259775a44415342674e5648524d4241663845434441474151482f416745414d41344741315564447745422f77514541774942426a416442674e5648513445466751553376756d794462543252504d7456726e454d6573314c58552f445977487759445652306a42426777466f4155595749714f44436458696e524737304f6a4930374b396f65616749774451594a4b6f5a496876634e4151454c425141446767454241466c58636a6a3631444a704d684f3066467a6b434a524f684441377348613977797155796a67566d62386c506a64454541503438656f476e3864584b58553832347a385479617a306f5032466b414b4b70616374572f73532b554a7258637a392f38544e6833324446646e4b4539546c42745849653741646434794647467474786e4d36747658763743633072783847624e59703966773277517a634c7a714b456e5958374e2f2f736d6f51644b644d552b52636f3869666e50413436494f422f714f784479773968764e766368425170414f5349644b4a544d32615256634b67556b62645846746d6377354f30754837627a694a4e4170456b6c485a484a764e6c44513050784b5749757a71795778386470556c74334f774d64484d677466346b4f4769714d5167756977796c704867532b786d4b507a2b4451583743663033737939497261524a652b314e2f32713244584e62553d222c224d4949446d544343416f476741774942416749554f564e613255644a70467a41424a482b4a51785735585634373955774451594a4b6f5a496876634e4151454c42514177557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464a54515342536232393049454e424d434158445449324d5445794f4441774e544d774d466f59447a49774e5445784d5449794d4441314d7a4177576a42544d517377435159445651514745774a44546a45684d423847413155454367775935365336354c364c364b2b42354c6d6d364b366b364b2b4235707936357036454d534577487759445651514444426846654746746347786c49454a4b51304567556c4e4249464a766233516751304577676745694d4130474353714753496233445145424151554141344942447741776767454b416f49424151437267484638786345464848695735677349657954364d4d6456744b6d6d436a614774473642765458595944556572366d76744e326c414d634e7a64745834336e58454a476961536272744d587854317547574f6152555379516634566579386258514953566a5a66586c4d457a4d577a745970676d4e776c37716c46647048526d636e7667617956526370326b465746345255636d686b79446651774764456e76526268666b49623235785a67762b6c7541786a3367394e556472646a62765879544d6a3251656e57494a6c52354f776c507239504b376d516961743271335963364256484475445378466c3166474a663867374738457137645978563841546a4a4d34412b654f77726c563279435a65686c4978712b4d634538612b7a73433576514b6d34334b4c78434e637138544b553653794c33516b3334494842763475766d71526e3574372b3936576c5570443038584841674d424141476a597a42684d41384741315564457745422f7751464d414d424166387744675944565230504151482f42415144416745474d42304741315564446751574242526859696f344d4a31654b6445627651364d6a54737232683571416a416642674e5648534d45474441576742526859696f344d4a31654b6445627651364d6a54737232683571416a414e42676b71686b6947397730424151734641414f43415145414c75515736487749333244534a6d33474a7072526572475a417956586f6a426c68777438767537624530653035306a6442486330504f6e5a4d3244664730656d5942673571346c547a4e6b576d4c7669744f4a6f567a334b2b376868356e36764b394b477570655832493642433576744a422f554c4679566b4854394364666141622f65724339774d55535a2b2f4b54526d49494b2b386671436a6873316b7658675a2f765167416b45636934567776536252663335396339656b3430454f556d623041414d6c4c54712b59464562454752696e514752496f49346673563337726953453574714950443861576a445077714c664c77445949375372636a7672746736326b7278485934586934547544374356676e7245747a7a444c3472434d675235645a33524f6d4259463375786e46656f77582f43435169794e636d76746a4339486b4c476b6938787554364c5a4c2b73774b513d3d225d7d', 1795917188642);
INSERT INTO public.idempotency VALUES ('POST /v1/customer-codes ', 'f0672da9-d91c-469b-a8d6-040e9e8a29b9', '\xeee39c353c3e609b184ec060bfcca394f7546d6473986f37da9ec32f11a07507', 'done', 1795830850301, 202, 'application/json', '\x7b226964223a2230314d384658504535373930544a5a39485633453141484e5450222c22657870697265735f6174223a313739353833313339303330317d', 1795917190301);
INSERT INTO public.idempotency VALUES ('POST /v1/orders ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '726eabf1-c8a8-4e30-a296-85b842de1183', '\x3ab480de76213550b705225ca6a7c6d025553dcbfedbd5ec97b7e874b86075a1', 'done', 1795830850463, 201, 'application/json', '\x7b226964223a2230314d3846585045413135485334475a4e434659374345373443222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739303436332c22657870697265735f6174223a313739383432323739303436332c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d7d', 1795917190463);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPEA15HS4GZNCFY7CE74C/verification ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', 'e8f83d79-b275-4c01-8636-cc8dc8bdbc93', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795830850639, 202, 'application/json', '\x7b226964223a2230314d3846585045413135485334475a4e434659374345373443222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739303436332c22657870697265735f6174223a313739383432323739303436332c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353931373139303633397d7d', 1795917190639);
INSERT INTO public.idempotency VALUES ('POST /v1/production/01M8FXPEA15HS4GZNCFY7CE74C/handover staff:petra', 'deb2465c08191c53a6900fa766def119', '\x854bfa6146dcecf0d57f22f1e843be0e141b642e146d52a7a4c84e390b830ade', 'done', 1795830853137, 200, 'application/json', '\x7b226f72646572223a2230314d3846585045413135485334475a4e434659374345373443222c227374617465223a22444f4e45222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c226f72675f636f6465223a2239313131303130384d413031323334353647222c22616c676f726974686d223a22736d32222c22636f6e7461696e6572223a22557365724b6579222c226170706c69636174696f6e223a22424a43412d4170706c69636174696f6e222c226c6162656c223a22424a43412d557365724b6579222c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73222c22637265617465645f6174223a313739353833303739303436332c226b6579223a7b2273657269616c223a224f4c444e455731222c227374617465223a226d616465222c226469616c656374223a22676d7430303137222c227368617065223a22646972656374222c22626567756e5f6174223a313739353833303739323930332c22626567756e5f6279223a2273746166663a7065747261222c2263657274696669636174655f73657269616c223a2234626566326135343237613133383965386265366136333336313638663631353030663932326434222c226d6164655f6174223a313739353833303739333039372c2270696e5f73656e745f6174223a313739353833303739333134312c22676976656e5f6174223a313739353833303739333133372c22676976656e5f6279223a2273746166663a7065747261227d7d', 1795917193137);
INSERT INTO public.idempotency VALUES ('POST /v1/orders ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', 'cfe30bdf-b35d-470d-ba5b-c798aeab5f3b', '\x3235abfd416451f4b226d39e9bd6e404d7d256b3f1be10c657350354c5fb288c', 'done', 1795830854376, 201, 'application/json', '\x7b226964223a2230314d384658504a3439333631574a424e4a314b463233374330222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739343337362c22657870697265735f6174223a313739383432323739343337362c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d7d', 1795917194376);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPEA15HS4GZNCFY7CE74C/signature ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', 'e07f8aaf-d42f-48a3-b4c4-f51ddab0780b', '\xc2a5354f8133146bb94e220cf574933882934b0ff0de1e1c93551e815b6620d3', 'done', 1795830851943, 202, 'application/json', '\x7b226964223a2230314d3846585045413135485334475a4e434659374345373443222c2274797065223a226e6577222c227374617465223a2255504c4f41444544222c2276657273696f6e223a372c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739303436332c22657870697265735f6174223a313739383432323739303436332c226e657874223a5b2275706c6f6164222c227369676e222c22656e7465722d636f6465222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d2c227369676e6174757265223a7b22776179223a2270686f6e65222c227374617465223a2273656e74222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353833313339313934337d2c22646f63756d656e7473223a5b7b226b696e64223a226c6963656e6365222c2274797065223a22696d6167652f706e67222c2273697a65223a3132302c2275706c6f616465645f6174223a313739353833303739313739307d2c7b226b696e64223a226f70657261746f722d69642d6261636b222c2274797065223a22696d6167652f706e67222c2273697a65223a3132392c2275706c6f616465645f6174223a313739353833303739313834357d2c7b226b696e64223a226f70657261746f722d69642d66726f6e74222c2274797065223a22696d6167652f706e67222c2273697a65223a3133302c2275706c6f616465645f6174223a313739353833303739313831327d2c7b226b696e64223a227365616c2d7368656574222c2274797065223a22696d6167652f706e67222c2273697a65223a3132332c2275706c6f616465645f6174223a313739353833303739313838357d5d7d', 1795917191943);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPEA15HS4GZNCFY7CE74C/payment ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', 'f76f7218-f93e-46ee-b186-d61d3a553065', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795830852012, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3365363335323537653563303339376235346362393834386132346664613435222c22616d6f756e745f66656e223a32343030302c227374617465223a2241574149545f504159227d', 1795917192012);
INSERT INTO public.idempotency VALUES ('POST /v1/production/01M8FXPEA15HS4GZNCFY7CE74C/certificates staff:petra', 'b2852e5742a818b4fd8ce58aca1d3bc2', '\x83ae292cbbb653c3c0e76858f61fc962b3462d596d993f648888bd706f8f7671', 'done', 1795830853005, 200, 'application/json', '\x7b227369676e5f6365727469666963617465223a224d49494344444343416247674177494241674955532b3871564365684f4a364c3571597a59576a324651443549745177436759494b6f45637a31554267335577566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467784d316f58445449334d5445794f4441784e544d784d316f77557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f5750754445684d423847413155454177775935365336354c364c35366552356f71413570794a365a6d513559577335592b344d466b77457759484b6f5a497a6a3043415159494b6f45637a31554267693044516741456a477948396a6a7861646d6f706c2f304144334d4a4a7a34766255513048676c7349376273704b76726a4971556c39325338506c78594b52736b566f36444e694178396a54754e66346373564b4f4857796b5a2f74714e674d46347744415944565230544151482f424149774144414f42674e56485138424166384542414d4342734177485159445652304f42425945464a464a574a61734958562f733565722f5a6136486766507a77474e4d42384741315564497751594d426141464f3649392f43646562556f71476875586b772b4e70466f434874374d416f4743437142484d395641594e3141306b414d4559434951445630487061765a32515771706d416d466f754e46337a2f6841546861634369304352546d7a73614e53714149684150552b52456d42487558395a5833526f7330706a316c57346e492f4b58334d6337676c476d6e312b52444f222c22656e635f6365727469666963617465223a224d494943437a434341624767417749424167495561384b642b442b374b4431762b527a6d3433526e444275394a4c7777436759494b6f45637a31554267335577566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d423458445449324d5445794f4441784e4467784d316f58445449334d5445794f4441784e544d784d316f77557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b656e6b65614b674f616369656d5a6b4f5746724f5750754445684d423847413155454177775935365336354c364c35366552356f71413570794a365a6d513559577335592b344d466b77457759484b6f5a497a6a3043415159494b6f45637a3155426769304451674145336f7551666f71704d54316f6d475937306a4e72715863446632496268346c6a44716b33452f72444c737364363435682f73594b79454f534664304a4b6c6c434e784a486b6e706c337567634b4c585748356f65434b4e674d46347744415944565230544151482f424149774144414f42674e56485138424166384542414d43417a6777485159445652304f4242594546452b6a716e47576f6939794d466f68576f4e316349506f576476364d42384741315564497751594d426141464f3649392f43646562556f71476875586b772b4e70466f434874374d416f4743437142484d395641594e31413067414d4555434941514f4d71756a59424e68446f37726f5047786a75376f6253507154766f35646b376f685571752b30654b41694541762f4a4141544c424d6f386e744a446f336441303837746f58376d464f307a337134573836526f654c65633d222c22656e76656c6f7065223a224d4949424454414b4267677167527a505651466f41544234416942714153517a3834447873394d333665546b796f6b536965424a664d43484a537947564832697a666d4a474149674f2b6e352b62676630706a6a54573453523452446a62597648424b503676486b7568472b4e4f7779614c6f4549422f6e7755712b443433632f39504d3967753545786a5851302f5967475376427649752f6f38706f3547444242414e7a6f4f673441316f796d6c4b594d785134646d3841304941424e364c6b48364b71544539614a686d4f39497a61366c33413339694734654a597736704e7850367779374c4865754f59663747437368446b6858644353705a516a635352354a365a64376f4843693131682b61486767445151434375694f54367459554b4c443978462b7a7168537967726f6a6b2b7257464369772f63526673366f5573675631302b33596c45484159644739787949623545727667304f6d4c314c44437547636e56457462725046222c22636861696e223a5b224d49494345544343416265674177494241674955664a44582f572f2b3732772f644354486871754e576b7a6330333877436759494b6f45637a31554267335577557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464e4e4d6942536232393049454e424d423458445449324d5445794f4441774e544d774d466f58445451784d5445794e4441774e544d774d466f77566a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f697667656163757561656844456b4d434947413155454177776252586868625842735a534243536b4e4249464e4e4d69424a63334e316157356e49454e424d466b77457759484b6f5a497a6a3043415159494b6f45637a3155426769304451674145743167507771654d2b6d376f624d36535165735177577a707057784868554c496c3168437372317931714f5047384c4f764b716a4233756b69694131554279424538564b373152313654535a564c567159524f6834614e6d4d47517745675944565230544151482f42416777426745422f7749424144414f42674e56485138424166384542414d4341515977485159445652304f42425945464f3649392f43646562556f71476875586b772b4e70466f434874374d42384741315564497751594d426141464b3633704646334c326369536b33365270754d3853353147534c354d416f4743437142484d395641594e31413067414d455543494430637857724b4c472f6165736e4c6f644a7844614645787379506574754f5151656f6e6136732f64514c41694541774635726e2f586470644431322f69374b712b3750617a70483557314c6d2b59774b71346b7a44737a61413d222c224d4949434444434341624f6741774942416749554832694b7636343233594d31367a484853724838566f56466f6d4577436759494b6f45637a31554267335577557a454c4d416b474131554542684d43513034784954416642674e5642416f4d474f656b7575532b692b69766765533570756975704f69766765616375756165684445684d423847413155454177775952586868625842735a534243536b4e4249464e4e4d6942536232393049454e424d434158445449324d5445794f4441774e544d774d466f59447a49774e5445784d5449794d4441314d7a4177576a42544d517377435159445651514745774a44546a45684d423847413155454367775935365336354c364c364b2b42354c6d6d364b366b364b2b4235707936357036454d534577487759445651514444426846654746746347786c49454a4b513045675530307949464a7662335167513045775754415442676371686b6a4f505149424267677167527a50565147434c514e43414154634a5775306f45306831566a614d554e63735042566b377653786352374c7631384c336e50646d6639315330762b7161573163303941314a7877434a577161386a2f7a31627562524554487a536a497378344555726f324d775954415042674e5648524d4241663845425441444151482f4d41344741315564447745422f77514541774942426a416442674e5648513445466751557272656b555863765a794a4b546670476d347a784c6e555a49766b77487759445652306a42426777466f41557272656b555863765a794a4b546670476d347a784c6e555a49766b77436759494b6f45637a315542673355445277417752414967475439315a6b3230386e7234427468696a5171437a2f58754548644270666b584f586432333666736e727743494843662f6533305565336c737679505a474f522b3275754a6e38442f68445363446d324f6e6461564f5447225d2c22736d325f6964223a2231323334353637383132333435363738227d', 1795917193005);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPJ49361WJBNJ1KF237C0/verification ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '00706e38-8b43-4698-9217-a547451828a5', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795830854483, 202, 'application/json', '\x7b226964223a2230314d384658504a3439333631574a424e4a314b463233374330222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739343337362c22657870697265735f6174223a313739383432323739343337362c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353931373139343438337d7d', 1795917194483);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPJ49361WJBNJ1KF237C0/signature ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', 'e41a1397-5d21-4457-b102-8b2fa37d9dfa', '\xc2a5354f8133146bb94e220cf574933882934b0ff0de1e1c93551e815b6620d3', 'done', 1795830855706, 202, 'application/json', '\x7b226964223a2230314d384658504a3439333631574a424e4a314b463233374330222c2274797065223a226e6577222c227374617465223a2255504c4f41444544222c2276657273696f6e223a372c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739343337362c22657870697265735f6174223a313739383432323739343337362c226e657874223a5b2275706c6f6164222c227369676e222c22656e7465722d636f6465222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c227369676e6174757265223a7b22776179223a2270686f6e65222c227374617465223a2273656e74222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353833313339353730367d2c22646f63756d656e7473223a5b7b226b696e64223a226c6963656e6365222c2274797065223a22696d6167652f706e67222c2273697a65223a3132302c2275706c6f616465645f6174223a313739353833303739353538357d2c7b226b696e64223a226f70657261746f722d69642d6261636b222c2274797065223a22696d6167652f706e67222c2273697a65223a3132392c2275706c6f616465645f6174223a313739353833303739353632317d2c7b226b696e64223a226f70657261746f722d69642d66726f6e74222c2274797065223a22696d6167652f706e67222c2273697a65223a3133302c2275706c6f616465645f6174223a313739353833303739353630357d2c7b226b696e64223a227365616c2d7368656574222c2274797065223a22696d6167652f706e67222c2273697a65223a3132332c2275706c6f616465645f6174223a313739353833303739353634357d5d7d', 1795917195706);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPJ49361WJBNJ1KF237C0/payment ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '9af4bb32-dd64-4b10-b683-c60d17f9d8fe', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795830855771, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3630353466343637326536663332353361393237363862383838323663323233222c22616d6f756e745f66656e223a32343030302c227374617465223a2241574149545f504159227d', 1795917195771);
INSERT INTO public.idempotency VALUES ('POST /v1/orders ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '2d122320-d2dc-42ac-88d9-52cdfd36d325', '\x3235abfd416451f4b226d39e9bd6e404d7d256b3f1be10c657350354c5fb288c', 'done', 1795830856002, 201, 'application/json', '\x7b226964223a2230314d384658504b513442395232354547434a42315431455034222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739363030322c22657870697265735f6174223a313739383432323739363030322c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d7d', 1795917196002);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPKQ4B9R25EGCJB1T1EP4/verification ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '09227b4b-ce2d-443d-ad4b-b7971aec0562', '\x0463c924b320fb12ac4637b9ef2752819a59e2af24386ee9ddea3dbb60f00600', 'done', 1795830856029, 202, 'application/json', '\x7b226964223a2230314d384658504b513442395232354547434a42315431455034222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739363030322c22657870697265735f6174223a313739383432323739363030322c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a227472616e73666572222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739363038393939363032397d7d', 1795917196029);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FXPKQ4B9R25EGCJB1T1EP4/verification ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e', '3b9b6b5e-95ac-4f15-97f1-860db7812789', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795830856065, 202, 'application/json', '\x7b226964223a2230314d384658504b513442395232354547434a42315431455034222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353833303739363030322c22657870697265735f6174223a313739383432323739363030322c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353931373139363036357d7d', 1795917196065);


--
-- Data for Name: invoices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices VALUES ('01M8FXPGY1EZNSD9J2BBRKEJSF', '01M8FXPEA15HS4GZNCFY7CE74C', 'mailed', '00000001795830794271', '', 1795830793137, 1795830794285, 1);


--
-- Data for Name: issues; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.issues VALUES ('01M8FXPA561B9FGBXZQVDS9WCQ', 1, 'eecfd8919bc5e9dde11639235a5975ff59908a9da174b93c70f960bf8913603b', 'sm2:310929233d0f0e0dec0242f22064500d175a68d2', 'sm2:196dd91847eff542427b6d89a97c5155defcfca8', '\x3082010e300a06082a811ccf55016801307902205598d1e66c56c39c7630899b8f9a42c95f5b6bfa8a6e5f1ed12c539ad463f4bd02210085e5ff5b3a403685fd991a8b8e15a8cd54840a86eba7fcefc915c64447e4d63f042051b18b37764d471c009aab030de3667b6e7971918b0dd33b4c670f8c07058ae20410e93d67900a495205a28273522629a5d803420004e654c07463735d73100ebe669f4bfab36b3507c2841d50362ab1659886441fa2389cc32c8e6e78cf8b99f4d0b49145c086cf46ec0a63579859d0849db08a6835034100d02f39f1b6c23556084f3947a0ff2dfad02f39f1b6c23556084f3947a0ff2dfa59e28f6303b7594a6be667386c6fc5fc580dbc7ec7e23bd00004b8ea692bf183');
INSERT INTO public.issues VALUES ('01M8FXPC2831E2AWQMPGA29A80', 1, 'f0e7e98c2b9e956f8665bccc6edad2937e1f9b80be5be1926be83d86cd5226c8', 'rsa:740ef9929c454944f77835b22d167940b8a3a06b', 'rsa:610eeea1ea002e90716e9244352ccf96e641da1b', '\x308205c7020101300a06082a811ccf55016801048201008dfde781a021fdfaaeb8f0ff2ffdff3bb20ca1680562b7a105df67f1dd501c5e6b8ab1500f56989b64c11cec617fe2d30cc98b1bddcd33ce7c310f4f4609f253e901caa6a066df76d1b83bbb9588c75dc43e5aed2a3b89f9a88d856332fa38bf85b9f14de4342f4be3a887b719516398ff3d9c06f0ca058f827319dca661a8db640757a960edcb16c3cda95def401a5cf6fad64b947be039f996908112bd43f67b4591ad79d89a12fb12c8c0854d66ddec823769c973a33e4ea88b355f5a79639607493f029082000825100fb1811a4c17e7f0e1ca4e6a9179568f9e5456a680ae06fc413a36a1079e6400bea0959afc23cb2520a03817c212bfda1ac2130a39048204b0d5ea1f2e594cff19362d91c88b8d5fbc674b70f2c4efcf73a836229e2017e0d8beb684d5db2d79fec5c4dc57e51a828d9bf39ffbcca0004edd0b99483b2971066a080cf39c88552e5369b957e5041e4697831c8c0919824e1f49946b72a96f486482126c57a087c65c5494737cde9fa6c629e8539a2768de00ad83ee51992e8cbe9ecdaa28ce5c63006f5ce1e29f8ea9ed181a8e3cf95b256ebec717f507197233bdc4aed008d38b293e7bf05f1b00cf63562ecdb710105b8df09d91e51868cc10fb53b62c584a8bd5b5eb54e8b7980f93cc28f82418093fec7dc97e52a30aa3c7a072b225cecd277992471d5c7c74a0d0774c25cb34779f106336f00c5de7234301cbd4f787f516956df6b14385e982f9f1742b94a91165b98ef42da25c6d1c4d736fbf1b3ced1272be7c22e97779c6f4e617ca0b3374560cfb752aa2f9784d1d9b10bb9956ed7c8ec647087dd5f44e8f2ce075924def81aeef8b6e1122e659916aaa72c162618975d8ab130ee2c0b985105259c2b55e0b291b6cecfe183d12d231dd1e15f641e6c989891ebb1500d1b48aef9cf68ae53f0474bf3d8272021869622608ed781572674fba21ecdef6971fadf47323dd8588f8d77f7e0571e421bfc9784aaa00575a19d7c952d61b63defbee6bed69a2935e5d7adab42800e4c8e0237f8c791221702848f4282c048badbda3121e60a45926cf4077ef76f0169442407716fd7129d11b070cf6c14206f99f3ce0e9f60463ea597043a75fa3fb6fa9e05626710a4a4bfcaa50d5f3e20c7999d72f77db55286d77ded92a6c674b7de88cd70ebe09461c6a896fde8fadd838b924ef214f822607def62e1f1f51bc093aceb1389cb1ce4139b63b7d8525727e87b136cf47f54a38fb1cfe41bdfc52ca80a528a2afda7d9273385c4b3adb30de1990e811b0dc9950212520afe5d356d26115549c5da8630db4aa89de0146dcc174af95d87b8ca329790bbad637443c65a2b8a7d00ec1262cdd50f0747251335d8cbb8e38abb45211bfbfb73bed15f1f5358dfe7b6430fc74e00c222df90e5d672ca5d68c9b8a31cd507a7a859ea88d0d1b37e9e1cb79cde71aebe306d960f181f82fa130404e20027aa72bdd3f085cacf017beb8146f53ac1dff0f5c389f5cfce2fe956d6d8da9b14e66e060426f1ff0405adb6c33fe7a328ae5b91c347eb8e771c5961191bc8675a73944ad96bf4ff9ef4de2cc56d0fc7691251606143de1c0d496b017b145e942ab21781631961735dda639745001d81d5b5935509ffd4bd08589223dacbda79be558df4b4467cc81bb0935b078e58f6ead49079c6515410d43b3e96a9a6bf256833ee3aea30be42767ffeb0ceac898a3172e7c8b09aa71ff03b1dbf9c169500d809ef5b64d504740ff4b5315a781d28a8bbc9c9940048061e41a2df807e3fee12b383b6ed7218733867a72fc15e3762a1151f62fb26e7927e20bf604c12c970bc53769736ca965f5f0a1992d571e9a0512cf0e9e49f461aafb77a15d20380936cad9040987925d077cd88ee4ef394a4319bca4cda1f88ecd147883f0fa6c6ced1dfd2a4df3f157150f6cebe599ffd523670ab2801103c298e59c0d64eb4fe29a6db9e9295316f4a772e1d60d91338bd4a1b56d599474d04f26d734312cd2e2c94a6ab2cc30254a816ae50e0f56a5e611e38ba28c739d72a4');
INSERT INTO public.issues VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 1, '479c15fc88c3da04d5d17e196086f9d81c6989974e19a8a74528ebcc7b26783d', 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', 'sm2:6bc29df83fbb283d6ff91ce6e374670c1bbd24bc', '\x3082010d300a06082a811ccf55016801307802206a012433f380f1b3d337e9e4e4ca891289e0497cc087252c86547da2cdf9891802203be9f9f9b81fd298e34d6e124784438db62f1c128feaf1e4ba11be34ec3268ba04201fe7c14abe0f8ddcffd3ccf60bb91318d7434fd88064af06f22efe8f29a3918304100dce83a0e00d68ca694a60cc50e1d9bc03420004de8b907e8aa9313d6898663bd2336ba977037f621b8789630ea93713fac32ecb1deb8e61fec60ac8439215dd092a5942371247927a65dee81c28b5d61f9a1e0803410082ba2393ead61428b0fdc45fb3aa14b282ba2393ead61428b0fdc45fb3aa14b20575d3edd89441c061d1bdc7221be44aef8343a62f52c30ae19c9d512d6eb3c5');


--
-- Data for Name: issuing; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: kept_pins; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: key_contacts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.key_contacts VALUES ('OLD1', '13800001234');
INSERT INTO public.key_contacts VALUES ('OLD1', '13700000001');
INSERT INTO public.key_contacts VALUES ('OLD2', '13800001234');
INSERT INTO public.key_contacts VALUES ('OLDNEW1', '13600000002');
INSERT INTO public.key_contacts VALUES ('OLDNEW1', '13600000003');
INSERT INTO public.key_contacts VALUES ('OLDNEW1', '13600000005');


--
-- Data for Name: keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.keys VALUES ('OLD2', 'longmai', 'admin-first', 'BJCA-Application', '13800001234', 0, '测试用户甲', '示例科技有限公司', 'active', '\x0178514cbdf1b4ca57d2521d6c51240d4284935377b3e8f36d1a924736a9556b38ec5f9aa91ead92d252f919b6ade8beb1bb96bd93', NULL, NULL, 0, 1795830782934, 1);
INSERT INTO public.keys VALUES ('OLD1', 'gmt0017', 'direct', 'BJCA-Application', '13800001234', 0, '测试用户甲', '示例科技有限公司', 'active', '\x0178514cbdf1b4ca571776bd01e6928d6625e96ac0324c5bb383c7c35a13076f945fa4cf7c073954b3f72d62cf3265358765984cab', '\x0178514cbdf1b4ca575d63b256cae4953f7ce19ebeeca2a9fb24619035ae28b93f2d69f8dad52ee13b6bdc19566772dc0a731d7a25', '01M8FXP6ZWFA0VZ969J3QE942Y', 1, 1795830782874, 3);
INSERT INTO public.keys VALUES ('OLDNEW1', 'gmt0017', 'direct', 'BJCA-Application', '13600000002', 0, '测试经办人', '示例科技有限公司', 'active', '\x0178514cbdf1b4ca5751e68c6bf42fd732313dc3c91c0c24faafdc8210c524584848aea1ca44f78df01bc0790c1f74688b91a5a053', NULL, NULL, 0, 1795830793097, 1);


--
-- Data for Name: limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.limits VALUES ('unlock-key', 'OLD1', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('unlock-address', '127.0.0.1', 498841, 2, 1795831200000);
INSERT INTO public.limits VALUES ('unlock-asker-minute', '127.0.0.1 13800001234', 29930513, 2, 1795830840000);
INSERT INTO public.limits VALUES ('unlock-asker-hour', '127.0.0.1 13800001234', 498841, 2, 1795831200000);
INSERT INTO public.limits VALUES ('unlock-asker-day', '127.0.0.1 13800001234', 20785, 2, 1795910400000);
INSERT INTO public.limits VALUES ('unlock-phone-hour', '13800001234', 498841, 2, 1795831200000);
INSERT INTO public.limits VALUES ('unlock-phone-day', '13800001234', 20785, 2, 1795910400000);
INSERT INTO public.limits VALUES ('unlock-key', 'OLD2', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('login', '127.0.0.1', 29930513, 10, 1795830840000);
INSERT INTO public.limits VALUES ('customer-address', 'c5184a3f0632c84f423ad326c25295edf0f6d27d43f30de67f9dc1ae11437051', 498841, 1, 1795831200000);
INSERT INTO public.limits VALUES ('customer-asker-minute', '275754f4f69281f7ca1bacc32aaa368820286da98e91d52010dda6048e74bc1f', 29930513, 1, 1795830840000);
INSERT INTO public.limits VALUES ('customer-asker-hour', '275754f4f69281f7ca1bacc32aaa368820286da98e91d52010dda6048e74bc1f', 498841, 1, 1795831200000);
INSERT INTO public.limits VALUES ('customer-asker-day', '275754f4f69281f7ca1bacc32aaa368820286da98e91d52010dda6048e74bc1f', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('customer-phone-hour', '9fe9bbe95a18cfd946f0c96923f9f1c6d84db98fa53aa0bca193159bbae2cc05', 498841, 1, 1795831200000);
INSERT INTO public.limits VALUES ('customer-phone-day', '9fe9bbe95a18cfd946f0c96923f9f1c6d84db98fa53aa0bca193159bbae2cc05', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('verify-order', '5649bc32fc9d1425ed680037aa1148f8fb330415d77330b7e0a959e7ae7388fe', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('upload-order', '5649bc32fc9d1425ed680037aa1148f8fb330415d77330b7e0a959e7ae7388fe', 498841, 4, 1795831200000);
INSERT INTO public.limits VALUES ('sign-order', '5649bc32fc9d1425ed680037aa1148f8fb330415d77330b7e0a959e7ae7388fe', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('staff-address', '127.0.0.1', 29930513, 1, 1795830840000);
INSERT INTO public.limits VALUES ('verify-order', 'd938c4ba422ae7f5021a95b80b32b8675b742b7e7c522dd33643592665b05034', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('upload-order', 'd938c4ba422ae7f5021a95b80b32b8675b742b7e7c522dd33643592665b05034', 498841, 4, 1795831200000);
INSERT INTO public.limits VALUES ('upload-address', '72d8ffd0f7d25190efe5f9d045442e380f1cc4eeb7a3dd4b172855e1d5acd778', 498841, 8, 1795831200000);
INSERT INTO public.limits VALUES ('sign-order', 'd938c4ba422ae7f5021a95b80b32b8675b742b7e7c522dd33643592665b05034', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('orders-customer', '38ad059f13871186c675499febbcbad5a31b1fa37b04660ddbab02d36119e58e', 20785, 3, 1795910400000);
INSERT INTO public.limits VALUES ('verify-account', 'c8acad69332f188ec26c0ad9214729178ed00e77eee64ff0de6dc9abaa4caf3f', 20785, 1, 1795910400000);
INSERT INTO public.limits VALUES ('verify-order', '424cc7c5e41bc1655ebd58ade539c53ed4dab0e08b52244d20225f8d4dc40c68', 20785, 2, 1795910400000);
INSERT INTO public.limits VALUES ('verify-phone', 'ecd6e78ae242f75311595375fb925558e7690fca29d411a74f9fe8de36de3b79', 20785, 3, 1795910400000);


--
-- Data for Name: nonces; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: order_phones; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.order_phones VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'applicant', 'ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e');
INSERT INTO public.order_phones VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'operator', '0052565a49ab60adcffc158dbd8767c79556e9d1427e7f30d9c331a08b833b95');
INSERT INTO public.order_phones VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'applicant', 'ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e');
INSERT INTO public.order_phones VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'operator', '0052565a49ab60adcffc158dbd8767c79556e9d1427e7f30d9c331a08b833b95');
INSERT INTO public.order_phones VALUES ('01M8FXPKQ4B9R25EGCJB1T1EP4', 'applicant', 'ee3a3bd9f75da9cdba17dc06ea043a00ffe18e1acfcc7bfeb658af80c7204e7e');
INSERT INTO public.order_phones VALUES ('01M8FXPKQ4B9R25EGCJB1T1EP4', 'operator', '0052565a49ab60adcffc158dbd8767c79556e9d1427e7f30d9c331a08b833b95');


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.orders VALUES ('01M8FXP852JQCXRNHZT7GT0B7F', 'renewal', 'AWAIT_PAY', 1, 'OLD1', 'c-waits', 'rsa', 'rsa:598f6f2eca0068b215590c8fd3d19378b620573b', NULL, 19000, 1795830784157, 1795917184157, 1795830784157, 1798422483000, 1829958483000, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FXP8DBCM47BJ62KH2QTAHW', 'renewal', 'CANCELLED', 2, 'OLD1', 'c-cancelled', 'sm2', 'sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', NULL, 19000, 1795830784426, 1795917184426, 1795830784449, 1798422484000, 1829958484000, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FXP9VQ1Q3NCCX6AAH81FKD', 'renewal', 'PAID', 3, 'OLD1', 'c-paid', 'rsa', 'rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', NULL, 19000, 1795830785909, 1795917185909, 1795830785977, 1798422485000, 1829958485000, 'https://qr.alipay.com/sima238f3046837483a5512563d67763a10', '01M8FXP9XE382QYGR6DX14BNS7', 1795830785977, 0, 1795830785948);
INSERT INTO public.orders VALUES ('01M8FXPA561B9FGBXZQVDS9WCQ', 'renewal', 'ISSUED', 4, 'OLD1', 'c-issued', 'sm2', 'sm2:5a750099b67b868d42065b44053a73003e5ec240', 'sm2:310929233d0f0e0dec0242f22064500d175a68d2', 19000, 1795830786211, 1795917186211, 1795830786427, 1798422486000, 1829958486000, 'https://qr.alipay.com/sim42ad168c1b761d42b440268b4d9fc6c8', '01M8FXPA7533JTMJWAWY417PS2', 1795830786310, 1, 1795830786243);
INSERT INTO public.orders VALUES ('01M8FXPEA15HS4GZNCFY7CE74C', 'new', 'DONE', 17, 'OLDNEW1', 'UserKey', 'sm2', '', 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', 24000, 1795830790463, 1795917192000, 1795830793137, 0, 1827366793000, 'https://qr.alipay.com/sim3e635257e5c0397b54cb9848a24fda45', '01M8FXPFV8K6PC4E4QXT98XGY0', 1795830792135, 1, 1795830792025);
INSERT INTO public.orders VALUES ('01M8FXPC2831E2AWQMPGA29A80', 'renewal', 'DONE', 5, 'OLD1', 'c-done', 'rsa', 'rsa:19858206013388f4184b4bfafba61861127b55d2', 'rsa:740ef9929c454944f77835b22d167940b8a3a06b', 19000, 1795830788167, 1795917188167, 1795830789385, 1798422487000, 1829958487000, 'https://qr.alipay.com/sim7cf3a0b1f12dadaff5aa7609a1fe13b2', '01M8FXPC3F9YRT162BBCEYSWDK', 1795830788281, 1, 1795830788189);
INSERT INTO public.orders VALUES ('01M8FXPKQ4B9R25EGCJB1T1EP4', 'new', 'VERIFYING', 2, '', 'UserKey', 'sm2', '', NULL, 24000, 1795830796002, 1798422796002, 1795830796029, 0, 0, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FXPJ49361WJBNJ1KF237C0', 'new', 'IN_REVIEW', 15, '', 'UserKey', 'sm2', '', NULL, 24000, 1795830794376, 1798422795915, 1795830795946, 0, 0, 'https://qr.alipay.com/sim6054f4672e6f3253a92768b88826c223', '01M8FXPKGJB2ZNVETC1X2MGSA1', 1795830795815, 0, 1795830795779);


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES ('01M8FXP6ZX5GW01CRWZZVYB8K8', 'unlock-contacts', 'unlock-contacts:01M8FXP6ZWFA0VZ969J3QE942Y', NULL, 'done', 1, 1795830842978, 1795830782965, 1795831382965, 1795830782980, '');
INSERT INTO public.outbox VALUES ('01M8FXP6ZXNZBQ9NNX1J47E4PW', 'sms', 'unlock:01M8FXP6ZWFA0VZ969J3QE942Y:13800001234', NULL, 'done', 1, 1795830842982, 1795830782965, 1795831382965, 1795830782997, '');
INSERT INTO public.outbox VALUES ('01M8FXP703AGKNECACZV3SBVY7', 'sms', 'unlock:01M8FXP6ZWFA0VZ969J3QE942Y:13700000001', NULL, 'done', 1, 1795830843002, 1795830782979, 1795831382965, 1795830783007, '');
INSERT INTO public.outbox VALUES ('01M8FXP759NWMD2HPT6P35XE35', 'sms', 'unlock:01M8FXP75509CNFMH1DK2JTT1C:13800001234', NULL, 'done', 1, 1795830843146, 1795830783136, 1795831383136, 1795830783154, '');
INSERT INTO public.outbox VALUES ('01M8FXP759QKHH8RGZN79FA5R6', 'unlock-contacts', 'unlock-contacts:01M8FXP75509CNFMH1DK2JTT1C', NULL, 'done', 1, 1795830843157, 1795830783136, 1795831383136, 1795830783158, '');
INSERT INTO public.outbox VALUES ('01M8FXP9X29AD0KGRKY3JT58KC', 'pay-query', 'pay-query:01M8FXP9VQ1Q3NCCX6AAH81FKD', NULL, 'done', 1, 1795830845955, 1795830785948, 1796003585909, 1795830785984, '');
INSERT INTO public.outbox VALUES ('01M8FXPA6AHDHRET0WW3H7XJWQ', 'pay-query', 'pay-query:01M8FXPA561B9FGBXZQVDS9WCQ', NULL, 'done', 2, 1795830849396, 1795830786243, 1796003586211, 1795830789397, '');
INSERT INTO public.outbox VALUES ('01M8FXPE580TEBZVPPWMHQJZ6R', 'sms', 'customer-code:01M8FXPE5790TJZ9HV3E1AHNTP', NULL, 'done', 1, 1795830850313, 1795830790301, 1795831390301, 1795830790319, '');
INSERT INTO public.outbox VALUES ('01M8FXPEA16TKY67MEN0GA6CRA', 'order-time', 'order-time:01M8FXPEA15HS4GZNCFY7CE74C:1798422790463', '\x0178514cbdf1b4ca57bb3051f0b5d8e9aae80009c874758ef0a8a694650ad07768f2f4b3bdc79fc2bd04f4684868a6066bc84d5ea7cdd06484ddd79975657be844b1e43ee800b984d1c575', 'pending', 0, 1798422790464, 1795830790463, 1798509190463, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPEFPCGHVX6DW3GA0WBGY', 'identity', 'identity:01M8FXPEFNEBBVXP16PS25T8ZR', NULL, 'done', 1, 1795830850651, 1795830790639, 1795917190639, 1795830790660, '');
INSERT INTO public.outbox VALUES ('01M8FXPC2ZRHZ68TTMF1MZP17H', 'pay-query', 'pay-query:01M8FXPC2831E2AWQMPGA29A80', NULL, 'done', 2, 1795830851651, 1795830788189, 1796003588167, 1795830791655, '');
INSERT INTO public.outbox VALUES ('01M8FXPEG20RW2YEFKSHJKDDXH', 'sms', 'verify-code:01M8FXPEFNEBBVXP16PS25T8ZR', NULL, 'done', 1, 1795830851655, 1795830790657, 1795831390657, 1795830791658, '');
INSERT INTO public.outbox VALUES ('01M8FXPFKA18NX5A7AVT4EXFVE', 'upload-drop', 'upload-drop:8de50c09a5f03f807521fa74681334e0db9cdc550572d8bdaad8613550dc9bab:01M8FXPFKACP6BHCYD0ZXHB6P9', '\x0178514cbdf1b4ca57d745b6d9c0e294067101c742eba065a2596a239e6ae46e5b914efaa76bc6981999770dabb2fa52810a489ff19719cb6570c48a6580f7323e9af7c09052a4b7d8712fa9b8768a64580010b48d7df2eb9ca5802b585f114557752a7a1c2220976a7093283682231768f8', 'pending', 0, 1795834391777, 1795830791777, 1795920791777, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPFM2KXKR1Q11BQA1KB7M', 'upload-drop', 'upload-drop:880d95c239845817da6fc74a6aa3f6b91db11a85355986835f83f64525b98fb9:01M8FXPFM2YHWYCBJJRB9F778A', '\x0178514cbdf1b4ca576f46ccaae532894961d78f3959bda1ebf99ca57a51ed7f531f8e7a8d124143d360d6f52a60c36acf9255660bfd4102a60dbff4fb5c7b8a945e8e400d04403b03a68c57cc4ff7e3811ab4f6f3b66426868d1bacbc28f691a793ca07f91f932ec6a3901122ecf3870519', 'pending', 0, 1795834391807, 1795830791807, 1795920791807, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPFMZAPVV08FBH3GQR2VS', 'upload-drop', 'upload-drop:fba38ee907fc8f87e40d334563e32baea983beb1550197bcfbe6bc2e5bb1085e:01M8FXPFMZ34B9K69ZV46VFRB4', '\x0178514cbdf1b4ca57ba4f28897f927d2ea36460f0a399bded59f2cd15add6e30c6e6e686e392b362c354400322db897100da8d8aafd81fa6355f079fe31436ea10b2d53a34d3e04c45079dae347d9804f98d04911c101c31fe40bc961cc0b6c9d062526b2a927cc557c3b8bfb912b384d0c', 'pending', 0, 1795834391825, 1795830791825, 1795920791825, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPFP3QYQXR92PXT20FPD7', 'upload-drop', 'upload-drop:5bd90652da5b0cd981eacdf109d78fe657237a693b7db644828a390645f10e65:01M8FXPFP360K7VX5ANH48XKVB', '\x0178514cbdf1b4ca5714fb8d4a0f191035555f438539f617a2b4942b06bcbb8fa02d8a3ab21f4c4e503c47304ed46cf0e6113ca85ce6ed0170508118c0520862be7a8cb910370fd4b067bfc9f4e25a426681e0541bfd3d267cb9e65ace69c293f1e3e280774bab9bb51b1c9bb329614a7064', 'pending', 0, 1795834391872, 1795830791872, 1795920791872, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPFRAJGD2X863J3P8700Y', 'sms', 'sign-code:01M8FXPFR9F6NBJ3KMHYZM7BDB', NULL, 'done', 1, 1795830851948, 1795830791943, 1795831391943, 1795830791956, '');
INSERT INTO public.outbox VALUES ('01M8FXPFT2BFDGEFKXDEKRV4TZ', 'order-time', 'order-time:01M8FXPEA15HS4GZNCFY7CE74C:1795917192000', '\x0178514cbdf1b4ca571d9362a747e2dc07782eb8b62ea75de1f185d91ad2576c7be38562a2b99a002725ab1f7a1f97cd1c9a60d5227374d694b7ce54bd03978bc926e7e72cee6584052e5f', 'pending', 0, 1795917192001, 1795830792000, 1796003592000, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPFYASQX7JPAC6VQ1YQKD', 'order-tell', 'order-tell:01M8FXPEA15HS4GZNCFY7CE74C:12', NULL, 'done', 1, 1795830852140, 1795830792135, 1795917192135, 1795830792146, '');
INSERT INTO public.outbox VALUES ('01M8FXPFYH5QK4W545V140THD7', 'sms', 'order-in-review:01M8FXPFYASQX7JPAC6VQ1YQKD:0', NULL, 'done', 1, 1795830852146, 1795830792141, 1795917192141, 1795830792155, '');
INSERT INTO public.outbox VALUES ('01M8FXPFYHXQV6A0VXHWD14SGC', 'sms', 'order-in-review:01M8FXPFYASQX7JPAC6VQ1YQKD:1', NULL, 'done', 1, 1795830852166, 1795830792141, 1795917192141, 1795830792176, '');
INSERT INTO public.outbox VALUES ('01M8FXPG1FM3WNSF7N4ZF3ZKWQ', 'order-tell', 'order-tell:01M8FXPEA15HS4GZNCFY7CE74C:13', NULL, 'done', 1, 1795830852816, 1795830792223, 1795917192223, 1795830792827, '');
INSERT INTO public.outbox VALUES ('01M8FXPGKT51CN3C2WW6TTYFDY', 'sms', 'order-approved:01M8FXPG1FM3WNSF7N4ZF3ZKWQ:0', NULL, 'done', 1, 1795830852828, 1795830792823, 1795917192823, 1795830792858, '');
INSERT INTO public.outbox VALUES ('01M8FXPFYHRVWV9A9BGQRKD8PQ', 'mail', 'mail:01M8FXPFYASQX7JPAC6VQ1YQKD:1', NULL, 'done', 1, 1795830852816, 1795830792141, 1795917192141, 1795830792897, '');
INSERT INTO public.outbox VALUES ('01M8FXPFYHYBVJMQ5JGQ5ZYBZ4', 'mail', 'mail:01M8FXPFYASQX7JPAC6VQ1YQKD:0', NULL, 'done', 1, 1795830852898, 1795830792141, 1795917192141, 1795830792914, '');
INSERT INTO public.outbox VALUES ('01M8FXPGWH6QCRDE46PJTA6JC1', 'first-pin', 'first-pin:01M8FXPGPGHMX2909D6NH45NXD', NULL, 'done', 1, 1795830853111, 1795830793097, 1795917193097, 1795830793147, '');
INSERT INTO public.outbox VALUES ('01M8FXPGWP84DJGPF1FH1J37WE', 'order-tell', 'order-tell:01M8FXPEA15HS4GZNCFY7CE74C:16', NULL, 'done', 1, 1795830853162, 1795830793097, 1795917193097, 1795830793165, '');
INSERT INTO public.outbox VALUES ('01M8FXPGY3ZDPXTSBFB5EQH1F0', 'invoice', 'invoice:01M8FXPGY1EZNSD9J2BBRKEJSF:0', NULL, 'done', 1, 1795830853169, 1795830793137, 1796003593137, 1795830793209, '');
INSERT INTO public.outbox VALUES ('01M8FXPGYCXA6MM86P0NKARJ0C', 'sms', 'order-ready:01M8FXPGWP84DJGPF1FH1J37WE:0', NULL, 'done', 1, 1795830853219, 1795830793162, 1795917193162, 1795830793221, '');
INSERT INTO public.outbox VALUES ('01M8FXPGYCB4X1180GCB54JV2E', 'mail', 'mail:01M8FXPGWP84DJGPF1FH1J37WE:0', NULL, 'done', 1, 1795830853213, 1795830793162, 1795917193162, 1795830793244, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ1PWDKX0KMG39ZGE6VN', 'upload-drop', 'upload-drop:d836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad:01M8FXPJ1P94XZJKW8NG9M4R3R', '\x0178514cbdf1b4ca5771f60ae1b0bba56a2a42ec2e20039cb93e0bc72f8d4eb5b9e18725719d2423e772feaf8894c3e20d98a06a858cdde649d62d833ae78afc02879ee9d07c59ea7bafad0d8844385221e4017f92cce791ada1802e31286711935d3d3672750942e91c27ea6c37f8b68f95', 'pending', 0, 1795834394294, 1795830794294, 1795920794294, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ1ZGE2YQ06D5KPY6DGY', 'upload-drop', 'upload-drop:3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74:01M8FXPJ1Z7DG1DNSEKAAPEKF9', '\x0178514cbdf1b4ca57b0fa91fb19cd6d2a514f3b25200068bd6f9ca45dd8fb40f2e6a97a47d1535569fa88b81780d6ea7db2adf6a72355426689f43b53af3e22e859a771104cc9403994e3c9658cefd57e03bb0dfbcd0de98c196ff1c1c148ffd1c7e9f3f5c3165bd9ce590449abf41d435d', 'pending', 0, 1795834394303, 1795830794303, 1795920794303, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ1DKRD1MFE4C7ZF9AJK', 'invoice-files', 'invoice-files:01M8FXPGY1EZNSD9J2BBRKEJSF:0', NULL, 'done', 1, 1795830854286, 1795830794285, 1796003594285, 1795830794318, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ8E5YC52K1CH9N9HXG8', 'sms', 'verify-code:01M8FXPJ7MESTYWHFY57PJCMSX', NULL, 'done', 1, 1795830855495, 1795830794509, 1795831394509, 1795830795498, '');
INSERT INTO public.outbox VALUES ('01M8FXPFTT84Z36P46CPR25SM5', 'pay-query', 'pay-query:01M8FXPEA15HS4GZNCFY7CE74C', NULL, 'done', 2, 1795830855497, 1795830792025, 1796003592000, 1795830795499, '');
INSERT INTO public.outbox VALUES ('01M8FXPK9QQMT560Y7B6MR35NX', 'upload-drop', 'upload-drop:40500c86db13a664c40c7242d011fc59ccf5a93e18b0f21241bf064f452f9a7d:01M8FXPK9QS5XRTDN0AGMPPQ0C', '\x0178514cbdf1b4ca57e56e952dbad56150231c6830e514f4d6976e6d98ac01fb7fbc6c261c84a4542f46d700fea95b2e2ecd5172309711f0b72564689af3ceadeb74c605725815b2967cc1755a9b3556fc0c36a612b4b6f329519e694d05e4ce17f07c5cc6c90359d58a924522ab9d352337', 'pending', 0, 1795834395574, 1795830795574, 1795920795574, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKAESM8G4QQQGR4TAFEP', 'upload-drop', 'upload-drop:73457307044ebe044ab46aacc840852783e3be79abbd9d29020ebde909ad0bf6:01M8FXPKAEXASHJD7CJA3R6JHW', '\x0178514cbdf1b4ca574db8dc11d43c88811fa45a3c21da0e70b155ff5c62f5556bc555f00d435336d463b1a652a6806036ee04aa13ed65b295adf884b43a4b55a8ecb5286a49a62d8b562f0b0d427f7b212b04d25add2d350a832d1984caba5949accdd7e371509fa222930ed66b99991b66', 'pending', 0, 1795834395596, 1795830795596, 1795920795596, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPGKVW58D52GGXYJH7FJY', 'sms', 'order-approved:01M8FXPG1FM3WNSF7N4ZF3ZKWQ:1', NULL, 'done', 1, 1795830852858, 1795830792823, 1795917192823, 1795830792866, '');
INSERT INTO public.outbox VALUES ('01M8FXPGKVDSS6AMX4W96KX3YW', 'mail', 'mail:01M8FXPG1FM3WNSF7N4ZF3ZKWQ:0', NULL, 'done', 1, 1795830852933, 1795830792823, 1795917192823, 1795830792980, '');
INSERT INTO public.outbox VALUES ('01M8FXPGKVR0AAVJFXGXTACV3P', 'mail', 'mail:01M8FXPG1FM3WNSF7N4ZF3ZKWQ:1', NULL, 'done', 1, 1795830852981, 1795830792823, 1795917192823, 1795830792994, '');
INSERT INTO public.outbox VALUES ('01M8FXPGYC5BDP7RJ48VBFGC6Y', 'sms', 'order-ready:01M8FXPGWP84DJGPF1FH1J37WE:1', NULL, 'done', 1, 1795830853169, 1795830793162, 1795917193162, 1795830793217, '');
INSERT INTO public.outbox VALUES ('01M8FXPGYCBT9F4VVXPFPNZKHM', 'mail', 'mail:01M8FXPGWP84DJGPF1FH1J37WE:1', NULL, 'done', 1, 1795830853250, 1795830793162, 1795917193162, 1795830793280, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ7NDSB6TF8B3QBT5WY1', 'identity', 'identity:01M8FXPJ7MESTYWHFY57PJCMSX', NULL, 'done', 1, 1795830854493, 1795830794483, 1795917194483, 1795830794510, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ26B713B2TSAE8M1B42', 'upload-drop', 'upload-drop:27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f:01M8FXPJ26MT98G2FDSRPDRHN7', '\x0178514cbdf1b4ca578b3a223d9ca3925c8cf6d3611535b602b7dc40a5959a65f8ee0cf9ed4c2c8cd1e1bedb912083d93438be459c0dc8869ffe4e73f9fe506b521f591290b272a43253b0ef14dbf8275e55b73d569dfaab090fa7a68cf3187e18220fa3ad4fff4e9f4d731c3049efd88dd3', 'pending', 0, 1795834394310, 1795830794310, 1795920794310, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ2E11TKXRYNQ39GFAB1', 'invoice-mail', 'invoice-mail:01M8FXPGY1EZNSD9J2BBRKEJSF:0', NULL, 'done', 1, 1795830854318, 1795830794318, 1796003594318, 1795830794338, '');
INSERT INTO public.outbox VALUES ('01M8FXPJ49P2WZTFHD809PN698', 'order-time', 'order-time:01M8FXPJ49361WJBNJ1KF237C0:1798422794376', '\x0178514cbdf1b4ca571d4dd9f675430c42909e0784149924f65cb1bbe63df1d7bac33ff3d3130ea562bf115f3a8c30173d32bef2a8b012018aee43a0f15bbf18c0056f31d5e99073f8d232', 'pending', 0, 1798422794377, 1795830794376, 1798509194376, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKB24T5FY5WKM4RVECPK', 'upload-drop', 'upload-drop:6403432cd629a972031ee1cfdb99006d937ce42330a9a9d6aa7064707f4ae401:01M8FXPKB29Z3D6NTSQV5J1X6C', '\x0178514cbdf1b4ca5790d078ebf308737d6185aea9017b4e0910d8b9ebc08832dc8805ecc94ce3513500f36f0d5f8ff5ce2049d06ddc653dd456d0b0571ccd16b79b6decf370edc1d99ad1966bbe758ca74ffbd770807acf9d2792da51e57ec4e18c770ae7c38452d353829284d570f7132d', 'pending', 0, 1795834395616, 1795830795616, 1795920795616, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKBKTVNSF3H8QZKX7YHX', 'upload-drop', 'upload-drop:b083b3b58c646595b045ccce45be6caa08563be84a81fbe5910e4bcb5f798738:01M8FXPKBK44JYCBMS5K24AK5C', '\x0178514cbdf1b4ca5707999fb6f41b40fffd6f8516521d51f11b998e053fcb39b008d059fda6a125222afea80d45485f92fd5b2ad1c86fcd619996f3b37fb7b3930e81e4f668216c0e8d9cda7eecf82879d6bc522642990b5cd91d8a877e4e8364517530a7ba39d0f870021dec985bebceb3', 'pending', 0, 1795834395634, 1795830795634, 1795920795634, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKDWYYY4GXJN146T3EX7', 'sms', 'sign-code:01M8FXPKDW3QY12ZPM3AZEZXSS', NULL, 'done', 1, 1795830855710, 1795830795706, 1795831395706, 1795830795727, '');
INSERT INTO public.outbox VALUES ('01M8FXPKHA22EP9K4DV33HXZT6', 'order-tell', 'order-tell:01M8FXPJ49361WJBNJ1KF237C0:12', NULL, 'done', 1, 1795830855819, 1795830795815, 1795917195815, 1795830795824, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNCQZDJ21JHGGKNNDWK', 'order-tell', 'order-tell:01M8FXPJ49361WJBNJ1KF237C0:15', NULL, 'done', 1, 1795830855963, 1795830795946, 1795917195946, 1795830795966, '');
INSERT INTO public.outbox VALUES ('01M8FXPKRNRWH632YDN9DTB57A', 'transfer', 'transfer:01M8FXPKQZMNJ1DAH2244YJ3CC', '\x0178514cbdf1b4ca57957bb5ebe90d2b10b90b16e00ba67a76f3859a47b8b62e72a70ab694f27ceeb08c548db23fd55830715c3f8270ee65143884367742a092a893f731f0eff1d404c3f151c37f09f6aa6d81564ee8c22296e2411492638d24feb358155ba4214dc170c6b5c535877660125a1e0c4d', 'pending', 1, 1795830799060, 1795830796052, 1796089996029, 0, 'busy');
INSERT INTO public.outbox VALUES ('01M8FXPKFHVGXN3ZVJ82EWJF08', 'order-time', 'order-time:01M8FXPJ49361WJBNJ1KF237C0:1795917195759', '\x0178514cbdf1b4ca5719b7bac92a1be2480efbc38e4b316026e4948c316687b785b77acb28636ebdfc834730101c5ab25ea39cbc5cfa9d20a5e2d43c4f92fcdd82e90f7cf5897618fa5a63', 'pending', 0, 1795917195760, 1795830795759, 1796003595759, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKG4ZSWCXH34GE94DHYW', 'pay-query', 'pay-query:01M8FXPJ49361WJBNJ1KF237C0', '\x0178514cbdf1b4ca571706bfd4e1a609c0b40d9f888c32be886d528eb8675355a43cf69e810e9df4eca92fc1a4e6df45d86d6860818294c1682e628b142aa32bebf1e0f9a0a5085631a8ed', 'pending', 1, 1795830798798, 1795830795779, 1796003595759, 0, 'busy');
INSERT INTO public.outbox VALUES ('01M8FXPKHE3ZR06MZ1458X6KGM', 'sms', 'order-in-review:01M8FXPKHA22EP9K4DV33HXZT6:0', NULL, 'done', 1, 1795830855824, 1795830795821, 1795917195821, 1795830795826, '');
INSERT INTO public.outbox VALUES ('01M8FXPKHFNZBP3B395G8A3QWT', 'sms', 'order-in-review:01M8FXPKHA22EP9K4DV33HXZT6:1', NULL, 'done', 1, 1795830855827, 1795830795821, 1795917195821, 1795830795833, '');
INSERT INTO public.outbox VALUES ('01M8FXPKMHCZRGJ8P8BJVSJ96G', 'order-time', 'order-time:01M8FXPJ49361WJBNJ1KF237C0:1798422795915', '\x0178514cbdf1b4ca572763233b04eb1c06737204851d5f8255f84b4b3b78f42dbfb719e5a247f5fbacbb58affacb8d3ac3aad050e47a28476e86ac7e6eee091b3b0da50f867715995c0fae', 'pending', 0, 1798422795916, 1795830795915, 1798509195915, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKMJNA9VNM9VG0VTFMY3', 'order-tell', 'order-tell:01M8FXPJ49361WJBNJ1KF237C0:13', NULL, 'done', 1, 1795830855950, 1795830795915, 1795917195915, 1795830795958, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNNEAGQZ02MDHG642JX', 'sms', 'order-rejected:01M8FXPKMJNA9VNM9VG0VTFMY3:1', NULL, 'done', 1, 1795830855966, 1795830795951, 1795917195951, 1795830795971, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNNVBEK6EQ2GW4R06QE', 'sms', 'order-rejected:01M8FXPKMJNA9VNM9VG0VTFMY3:0', NULL, 'done', 1, 1795830855975, 1795830795951, 1795917195951, 1795830795981, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNX9FRNG2BWC8KEDQD4', 'sms', 'order-in-review:01M8FXPKNCQZDJ21JHGGKNNDWK:0', NULL, 'done', 1, 1795830855982, 1795830795963, 1795917195963, 1795830795985, '');
INSERT INTO public.outbox VALUES ('01M8FXPKHETQX6QHRM3ZPQ0RB0', 'mail', 'mail:01M8FXPKHA22EP9K4DV33HXZT6:0', NULL, 'done', 1, 1795830855950, 1795830795821, 1795917195821, 1795830795995, '');
INSERT INTO public.outbox VALUES ('01M8FXPKHFK9GBB8YF9SC1RZSR', 'mail', 'mail:01M8FXPKHA22EP9K4DV33HXZT6:1', NULL, 'done', 1, 1795830855995, 1795830795821, 1795917195821, 1795830796037, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNNDNSENQYPE6449KEH', 'mail', 'mail:01M8FXPKMJNA9VNM9VG0VTFMY3:0', NULL, 'done', 1, 1795830856039, 1795830795951, 1795917195951, 1795830796075, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNP8908V5BQD7ZYS77G', 'mail', 'mail:01M8FXPKMJNA9VNM9VG0VTFMY3:1', NULL, 'done', 1, 1795830856077, 1795830795951, 1795917195951, 1795830796101, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNXTX8RA7VTPW0ZSQ3W', 'mail', 'mail:01M8FXPKNCQZDJ21JHGGKNNDWK:0', NULL, 'done', 1, 1795830856118, 1795830795963, 1795917195963, 1795830796129, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNXKF2N6M82T7GG7C3S', 'sms', 'order-in-review:01M8FXPKNCQZDJ21JHGGKNNDWK:1', NULL, 'done', 1, 1795830855989, 1795830795963, 1795917195963, 1795830795992, '');
INSERT INTO public.outbox VALUES ('01M8FXPKQ5RY9831BY31RMSH9G', 'order-time', 'order-time:01M8FXPKQ4B9R25EGCJB1T1EP4:1798422796002', '\x0178514cbdf1b4ca578a5f37eab61baa6b9d29bfa57e04740e6b387046dc3f0d8706db82bff8d41c1c8ef6d264d1c35f5a5776bfb5aebb009ead6bbfc39677994be238d85abeb78f14769b', 'pending', 0, 1798422796003, 1795830796002, 1798509196002, 0, '');
INSERT INTO public.outbox VALUES ('01M8FXPKR02JAK9MCKH3FSCXCC', 'identity', 'identity:01M8FXPKQZMNJ1DAH2244YJ3CC', NULL, 'done', 1, 1795830856034, 1795830796029, 1796089996029, 1795830796053, '');
INSERT INTO public.outbox VALUES ('01M8FXPKS4X0CXN7CWX1CTPS5G', 'identity', 'identity:01M8FXPKS4FB45J9RZ0S4TKCDA', NULL, 'done', 1, 1795830856074, 1795830796065, 1795917196065, 1795830796084, '');
INSERT INTO public.outbox VALUES ('01M8FXPKNX58P76JWAZQK9GKWN', 'mail', 'mail:01M8FXPKNCQZDJ21JHGGKNNDWK:1', NULL, 'done', 1, 1795830856103, 1795830795963, 1795917195963, 1795830796117, '');
INSERT INTO public.outbox VALUES ('01M8FXPKSK7BGBR7F9Q5Y5EN5F', 'sms', 'verify-code:01M8FXPKS4FB45J9RZ0S4TKCDA', NULL, 'done', 1, 1795830857086, 1795830796082, 1795831396082, 1795830797088, '');


--
-- Data for Name: pay_notices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pay_notices VALUES ('01M8FXP9XED5PVCBBFZVHCZ30M', '01M8FXP9VQ1Q3NCCX6AAH81FKD', '01M8FXP9XE382QYGR6DX14BNS7', 19000, 1795830786085);
INSERT INTO public.pay_notices VALUES ('01M8FXPA750MK2D22W5V2E75G7', '01M8FXPA561B9FGBXZQVDS9WCQ', '01M8FXPA7533JTMJWAWY417PS2', 19000, 1795830786310);
INSERT INTO public.pay_notices VALUES ('01M8FXPC3FQ6WNYSYCF8GYS1RZ', '01M8FXPC2831E2AWQMPGA29A80', '01M8FXPC3F9YRT162BBCEYSWDK', 19000, 1795830788281);
INSERT INTO public.pay_notices VALUES ('01M8FXPFV88DQSMMXVCDJGESP3', '01M8FXPEA15HS4GZNCFY7CE74C', '01M8FXPFV8K6PC4E4QXT98XGY0', 24000, 1795830792135);
INSERT INTO public.pay_notices VALUES ('01M8FXPKGJK4R7GCWX5XQMXAE2', '01M8FXPJ49361WJBNJ1KF237C0', '01M8FXPKGJB2ZNVETC1X2MGSA1', 24000, 1795830795815);


--
-- Data for Name: productions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.productions VALUES ('01M8FXPGPGHMX2909D6NH45NXD', '01M8FXPEA15HS4GZNCFY7CE74C', 'OLDNEW1', 'made', 'gmt0017', 'direct', 'BJCA-Application', NULL, NULL, 'sm2:4bef2a5427a1389e8be6a6336168f61500f922d4', 1, 1795830792903, 'staff:petra', 1795830793097, 1795830793141, '', '', 1795830793137, 'staff:petra', '');


--
-- Data for Name: reviews; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.reviews VALUES ('01M8FXPFY98HCF4QP5W8R1FTBZ', '01M8FXPEA15HS4GZNCFY7CE74C', 'approved', 1795830792135, 1796054400000, 0, '', 'staff:uid-0', 1795830792223);
INSERT INTO public.reviews VALUES ('01M8FXPKH9HBAAQSR3VN37BH0W', '01M8FXPJ49361WJBNJ1KF237C0', 'rejected', 1795830795815, 1796054400000, 0, 'the first reason', 'staff:uid-0', 1795830795915);
INSERT INTO public.reviews VALUES ('01M8FXPKNCX4H02PDNW1GYMGH6', '01M8FXPJ49361WJBNJ1KF237C0', 'open', 1795830795946, 1796054400000, 0, '', '', 0);


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_version VALUES (1, 13);


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES ('3d7806a1f8b14eddb9241cada13450633e844bf726beace045373b8d5e23c7f6', 'rsa:598f6f2eca0068b215590c8fd3d19378b620573b', 'login', 1795830784121, 1795831684121);
INSERT INTO public.sessions VALUES ('7861d7f14151674dbd026c74976d136f619b2b91d5b6ea8ec7aeb13c342b4ae5', 'sm2:daafadc991eb62eb67d0142fca9b8a30ef315f5', 'login', 1795830784397, 1795831684397);
INSERT INTO public.sessions VALUES ('c20e450b6952bbcdf9d0d296bfabfc6155a612ed491d651726d2416ee8cb06a8', 'rsa:111038bd090404b127d8998b6fa6c5ddac32bb48', 'login', 1795830785894, 1795831685894);
INSERT INTO public.sessions VALUES ('86497771ca53e426725046d107f9629c277a5e87cba2d9f962aad5fd20a49447', 'sm2:5a750099b67b868d42065b44053a73003e5ec240', 'login', 1795830786185, 1795831686185);
INSERT INTO public.sessions VALUES ('07951a8d1ddf678cb81af184b5bcee319edf46303e84414d3f8aba5dae798974', 'rsa:19858206013388f4184b4bfafba61861127b55d2', 'login', 1795830788151, 1795831688151);


--
-- Data for Name: staff; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff VALUES ('petra', 'reviewer,producer', 'enabled', 15, 8, 3, '\x5157436739f520937da56c3e5c399809', '\x2b1bdd63bf94789cdb6659a06cba7778d499709256cf67cad23665a58e16c8dd', '\x0178514cbdf1b4ca5783eef26974b7a56581ddb8a60f5ac3c5854e88a561c9e3ead4e6ab4743c830288a676165f3b4c5e2dc92daf1e5fa875d', 59861026, '127.0.0.1', 1795830790237, 1795830792812);


--
-- Data for Name: staff_sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff_sessions VALUES ('d48be27e681e93f07c68b45e22b274584c3f05ec9dba47d25de2c7e4faf941e5', 'petra', 1795830792812, 1795830792812, 1795859592812);


--
-- Data for Name: unlock_rounds; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.unlock_rounds VALUES ('01M8FXP6ZWFA0VZ969J3QE942Y', '80340e65c1375f76dca44713bdf552677ecba412aeefac8b3d9dfea3e3070bd2', '\x0178514cbdf1b4ca575e165200b35215947adaddad66fd085ab4e6ee943b4e19e5e54a8c707ea59ffda4d77d975f2ee61755568765b07a83ff5a76d10e9a176125c0b0b036271e22e7521e2829cf392607ebeda27f56eec422a7061239968d6be8c5fe8ce5b22418fc3591013733d07ded2ffb84a66433f6850c4b1dbcd28e4dd32075f9e07cd5061d1f1a9890a9031a4fa993a92fd912cdddb200fb');
INSERT INTO public.unlock_rounds VALUES ('01M8FXP6ZWFA0VZ969J3QE942Y', 'fc6a43295ae2b80b53dbd79515434e2ffc458b09749f617297571fcaf06d4253', '\x0178514cbdf1b4ca57e1e0af99aeb5da7050c1eb5a9c21153a127673c0506fc6df4d9d36ad41bdd7c173bc9f6d9b17e036aefb8b4f900940e6ac6cbf3c390ebf8d0b0819c73f1b01f113400b6dd13f62378f5303ae07467e936d8a5fb8e8f070a92f62183382ae842109a7fa7366a42510da227e9899862bb6f3c77cfdb3351183201c02ba8a8c2f59b33bd58553');
INSERT INTO public.unlock_rounds VALUES ('01M8FXP6ZWFA0VZ969J3QE942Y', '12bfc9800f81db9874ea597b120bca99c30730ee1fcbd6050da7b471c689060d', '\x0178514cbdf1b4ca577666b321542ed21ea9bdb322ce53506d3462d809aa0f360b9275fe7e7ccf2a2a822cca51a944b7c4ae56c6f8af4c9439fc90d4d504d3e327a5fa221cc8d9f078da54ba44843d5a329450f7a8c273e50780d1391099d73b3d3386f6b5083b5e');


--
-- Data for Name: unlocks; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.unlocks VALUES ('01M8FXP6ZWFA0VZ969J3QE942Y', 'OLD1', 1, 'done', '\x09f81c2a102efa4db5cdb07deb44d125e84b26a1586c43d2c16c45eac9278e74', 5, 1795830782965, 1795831382965, '\x827dc521a874c78b259f875b0329b89a7b0cd19607d2edbc19efcebed8653993', '\xbc2992519e3cbc7d9fa00831cbee21724a291ad24c1d9de3e004d498c8b5d029', 1795830783050, 1, 2, '\x0178514cbdf1b4ca57a46d0e67e8d215aea841003386545e304442a9da1db9a757ace67c98c9ed96d8f24a9db694bb8f2b', 1, 0, 1, 'rotated', '127.0.0.1', 1795830783112);
INSERT INTO public.unlocks VALUES ('01M8FXP75509CNFMH1DK2JTT1C', 'OLD2', 1, 'open', '\x4b2c8d641a0d013f71433a7a48cd03564ef366aebcf56fe5d7e37a89d2fb446b', 5, 1795830783136, 1795831383136, '\x2cc8ff3f92dee459042a381e3ab567cfb15ac83f4a1ddad11e34ce714dfb1ef9', NULL, 0, 0, 0, NULL, 0, 0, 0, 'begin', '127.0.0.1', 0);


--
-- Data for Name: uploads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.uploads VALUES ('8de50c09a5f03f807521fa74681334e0db9cdc550572d8bdaad8613550dc9bab', 'image/png', 120, 1795830791790);
INSERT INTO public.uploads VALUES ('880d95c239845817da6fc74a6aa3f6b91db11a85355986835f83f64525b98fb9', 'image/png', 130, 1795830791812);
INSERT INTO public.uploads VALUES ('fba38ee907fc8f87e40d334563e32baea983beb1550197bcfbe6bc2e5bb1085e', 'image/png', 129, 1795830791845);
INSERT INTO public.uploads VALUES ('5bd90652da5b0cd981eacdf109d78fe657237a693b7db644828a390645f10e65', 'image/png', 123, 1795830791885);
INSERT INTO public.uploads VALUES ('d836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad', 'application/pdf', 166, 1795830794294);
INSERT INTO public.uploads VALUES ('3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74', 'application/ofd', 39, 1795830794303);
INSERT INTO public.uploads VALUES ('27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f', 'application/xml', 99, 1795830794310);
INSERT INTO public.uploads VALUES ('40500c86db13a664c40c7242d011fc59ccf5a93e18b0f21241bf064f452f9a7d', 'image/png', 120, 1795830795585);
INSERT INTO public.uploads VALUES ('73457307044ebe044ab46aacc840852783e3be79abbd9d29020ebde909ad0bf6', 'image/png', 130, 1795830795605);
INSERT INTO public.uploads VALUES ('6403432cd629a972031ee1cfdb99006d937ce42330a9a9d6aa7064707f4ae401', 'image/png', 129, 1795830795621);
INSERT INTO public.uploads VALUES ('b083b3b58c646595b045ccce45be6caa08563be84a81fbe5910e4bcb5f798738', 'image/png', 123, 1795830795645);


--
-- Data for Name: verifications; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.verifications VALUES ('01M8FXPEFNEBBVXP16PS25T8ZR', '01M8FXPEA15HS4GZNCFY7CE74C', 'verify', 'phone', 'done', '01M8FXPEG2T9KSFSMZ3ECG8QXX', 0, 1795830790639, 1795831390657);
INSERT INTO public.verifications VALUES ('01M8FXPFR9F6NBJ3KMHYZM7BDB', '01M8FXPEA15HS4GZNCFY7CE74C', 'sign', 'phone', 'done', '01M8FXPFRAGQH1KY98TYXS061D', 0, 1795830791943, 1795831391943);
INSERT INTO public.verifications VALUES ('01M8FXPJ7MESTYWHFY57PJCMSX', '01M8FXPJ49361WJBNJ1KF237C0', 'verify', 'phone', 'done', '01M8FXPJ8D8TK2P308FKSTEWGQ', 0, 1795830794483, 1795831394509);
INSERT INTO public.verifications VALUES ('01M8FXPKDW3QY12ZPM3AZEZXSS', '01M8FXPJ49361WJBNJ1KF237C0', 'sign', 'phone', 'done', '01M8FXPKDWKC3XAV2RXC7E2GP1', 0, 1795830795706, 1795831395706);
INSERT INTO public.verifications VALUES ('01M8FXPKQZMNJ1DAH2244YJ3CC', '01M8FXPKQ4B9R25EGCJB1T1EP4', 'verify', 'transfer', 'void', '01M8FXPKR0EYR2F86Z6HW9W5E9', 0, 1795830796029, 1796089996029);
INSERT INTO public.verifications VALUES ('01M8FXPKS4FB45J9RZ0S4TKCDA', '01M8FXPKQ4B9R25EGCJB1T1EP4', 'verify', 'phone', 'sent', '01M8FXPKSK9XGNK71684FE68K7', 0, 1795830796065, 1795831396082);


--
-- Name: applications applications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_pkey PRIMARY KEY (order_id);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: certificates certificates_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT certificates_pkey PRIMARY KEY (id);


--
-- Name: codes codes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.codes
    ADD CONSTRAINT codes_pkey PRIMARY KEY (id);


--
-- Name: crls crls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.crls
    ADD CONSTRAINT crls_pkey PRIMARY KEY (algorithm);


--
-- Name: customer_sessions customer_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customer_sessions
    ADD CONSTRAINT customer_sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: device_keys device_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.device_keys
    ADD CONSTRAINT device_keys_pkey PRIMARY KEY (serial);


--
-- Name: documents documents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (order_id, kind);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (scope, key);


--
-- Name: invoices invoices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);


--
-- Name: issues issues_order_id_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.issues
    ADD CONSTRAINT issues_order_id_key_hash_key UNIQUE (order_id, key_hash);


--
-- Name: issues issues_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.issues
    ADD CONSTRAINT issues_pkey PRIMARY KEY (order_id, round);


--
-- Name: issuing issuing_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.issuing
    ADD CONSTRAINT issuing_pkey PRIMARY KEY (id);


--
-- Name: kept_pins kept_pins_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.kept_pins
    ADD CONSTRAINT kept_pins_pkey PRIMARY KEY (id);


--
-- Name: key_contacts key_contacts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.key_contacts
    ADD CONSTRAINT key_contacts_pkey PRIMARY KEY (serial, phone);


--
-- Name: keys keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (serial);


--
-- Name: limits limits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_pkey PRIMARY KEY (scope, subject, slot);


--
-- Name: nonces nonces_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.nonces
    ADD CONSTRAINT nonces_pkey PRIMARY KEY (nonce);


--
-- Name: order_phones order_phones_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.order_phones
    ADD CONSTRAINT order_phones_pkey PRIMARY KEY (order_id, role);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_dedupe_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_dedupe_key UNIQUE (dedupe);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: pay_notices pay_notices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pay_notices
    ADD CONSTRAINT pay_notices_pkey PRIMARY KEY (notify_id);


--
-- Name: productions productions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.productions
    ADD CONSTRAINT productions_pkey PRIMARY KEY (id);


--
-- Name: reviews reviews_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);


--
-- Name: schema_version schema_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (one);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: staff staff_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (name);


--
-- Name: staff_sessions staff_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: unlock_rounds unlock_rounds_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_rounds
    ADD CONSTRAINT unlock_rounds_pkey PRIMARY KEY (unlock_id, message_hash);


--
-- Name: unlocks unlocks_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlocks
    ADD CONSTRAINT unlocks_pkey PRIMARY KEY (id);


--
-- Name: uploads uploads_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (digest);


--
-- Name: verifications verifications_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (id);


--
-- Name: applications_org; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX applications_org ON public.applications USING btree (org_code);


--
-- Name: certificates_fingerprint; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX certificates_fingerprint ON public.certificates USING btree (fingerprint);


--
-- Name: certificates_key; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX certificates_key ON public.certificates USING btree (key_serial, kind, state);


--
-- Name: certificates_pair; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX certificates_pair ON public.certificates USING btree (pair);


--
-- Name: certificates_revoked; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX certificates_revoked ON public.certificates USING btree (algorithm, state);


--
-- Name: codes_expired; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX codes_expired ON public.codes USING btree (expires_at);


--
-- Name: codes_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX codes_subject ON public.codes USING btree (purpose, subject, created_at);


--
-- Name: documents_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX documents_digest ON public.documents USING btree (digest);


--
-- Name: invoices_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_order ON public.invoices USING btree (order_id, asked_at);


--
-- Name: issuing_made; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX issuing_made ON public.issuing USING btree (made_at);


--
-- Name: kept_pins_serial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX kept_pins_serial ON public.kept_pins USING btree (serial, kept_at);


--
-- Name: order_phones_hash; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX order_phones_hash ON public.order_phones USING btree (phone_hash);


--
-- Name: orders_new; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_new ON public.orders USING btree (new_certificate);


--
-- Name: orders_old; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_old ON public.orders USING btree (old_certificate);


--
-- Name: orders_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX orders_open ON public.orders USING btree (old_certificate) WHERE ((old_certificate <> ''::text) AND (state = ANY (ARRAY['DRAFT'::text, 'VERIFYING'::text, 'VERIFIED'::text, 'UPLOADED'::text, 'SIGNED'::text, 'AWAIT_PAY'::text, 'PAID'::text, 'IN_REVIEW'::text, 'REJECTED'::text, 'APPROVED'::text, 'ISSUED'::text])));


--
-- Name: orders_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_state ON public.orders USING btree (state, expires_at);


--
-- Name: outbox_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_due ON public.outbox USING btree (state, next_at);


--
-- Name: productions_begun; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX productions_begun ON public.productions USING btree (serial) WHERE (state = 'begun'::text);


--
-- Name: productions_order; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX productions_order ON public.productions USING btree (order_id) WHERE (state <> 'aside'::text);


--
-- Name: productions_serial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX productions_serial ON public.productions USING btree (serial, begun_at);


--
-- Name: reviews_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX reviews_order ON public.reviews USING btree (order_id, entered_at);


--
-- Name: reviews_queue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX reviews_queue ON public.reviews USING btree (state, due_at);


--
-- Name: staff_sessions_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX staff_sessions_name ON public.staff_sessions USING btree (name);


--
-- Name: unlocks_serial; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unlocks_serial ON public.unlocks USING btree (serial, created_at);


--
-- Name: verifications_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX verifications_order ON public.verifications USING btree (order_id, purpose, created_at);


--
-- Name: applications applications_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: documents documents_digest_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_digest_fkey FOREIGN KEY (digest) REFERENCES public.uploads(digest);


--
-- Name: documents documents_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: invoices invoices_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: issues issues_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.issues
    ADD CONSTRAINT issues_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: kept_pins kept_pins_serial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.kept_pins
    ADD CONSTRAINT kept_pins_serial_fkey FOREIGN KEY (serial) REFERENCES public.keys(serial);


--
-- Name: key_contacts key_contacts_serial_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.key_contacts
    ADD CONSTRAINT key_contacts_serial_fkey FOREIGN KEY (serial) REFERENCES public.keys(serial);


--
-- Name: order_phones order_phones_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.order_phones
    ADD CONSTRAINT order_phones_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: productions productions_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.productions
    ADD CONSTRAINT productions_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: reviews reviews_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: staff_sessions staff_sessions_name_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_name_fkey FOREIGN KEY (name) REFERENCES public.staff(name);


--
-- Name: unlock_rounds unlock_rounds_unlock_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_rounds
    ADD CONSTRAINT unlock_rounds_unlock_id_fkey FOREIGN KEY (unlock_id) REFERENCES public.unlocks(id);


--
-- Name: verifications verifications_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verifications
    ADD CONSTRAINT verifications_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- PostgreSQL database dump complete
--

\unrestrict WIEJcbzJrQyT3O5a010FFxmisIYwcCQoozCqKIo1jsohqR6oHCz5nglLx2J9chz

