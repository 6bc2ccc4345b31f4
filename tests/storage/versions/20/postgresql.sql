--
-- PostgreSQL database dump
--

\restrict Z18XG9trFhpMxMjPLLQ33IgKtUgtdQ4brfM9ctneKFIsTXZY2586r2JI0HlFEdZ

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
    details_sealed bytea NOT NULL,
    reviewed bigint DEFAULT 1 NOT NULL
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
    version bigint NOT NULL,
    account_sealed bytea,
    account_hash bytea,
    account_since bigint DEFAULT 0 NOT NULL
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
-- Name: unlock_documents; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unlock_documents (
    unlock_id text NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: unlock_reviews; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unlock_reviews (
    unlock_id text NOT NULL,
    token_hash bytea NOT NULL,
    company text NOT NULL,
    contact_sealed bytea,
    state text NOT NULL,
    entered_at bigint NOT NULL,
    due_at bigint NOT NULL,
    guessed bigint NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at bigint NOT NULL,
    over_at bigint NOT NULL
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
    done_at bigint NOT NULL,
    way text DEFAULT 'phone'::text NOT NULL
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

INSERT INTO public.applications VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', '91110108MA0123456G', '示例科技有限公司', 1, 'pick-up', 'sms', '\x01731efc1257ecfe24ce3088eeb665a9262000de6ef41deed750c0b19d0fe723438856bc5e4e3069e626b5eda387a4e46f831f94228a1b51055eef6343c35805e2835f5cf3b5928cf345f476fa266b8650d87f2894441daf7bc789344f2d16483d1163e80154b46c9f79aeca72799dcd2d4f16cc4505274f26c4c4c60a5b4fd2ff615d3ad7c241a363f51b7b8f903dbf84c998cfb8dc9f9a4d8894aada17ea9211de67d5f3eed6a962fc7b9108e8f5dae4742090568f5e719d2c4a1d3c86306bdd5b188a47b48f2a2aba56cb36e09a761724ef07edc53c97440d3c02858aad24139c4fe6381cb28ef560c173ef35ab3b13b2fba8962dcc283ee7e07f6039b52f9753a5a85c02f67f976200c33de98b339d599a2e658099f23e397ccd9d13628bd6e5ad9b6c8383f8d1c6ded56ff5b4c8ab43aa6d393443aaaf939a5d98263e71d68d5acc8aec593336bdfaf0e56cf76555223c9eb50ef63951d7175912407d3828f2dd69cbab4b57cdea03522c66881c66fdee02b6c692b411a2a122a12a379d43c6e9ba1364622665af85cc0a0f1c98453917cce63425ecf997f59a73b043aee9d180862078530123f622204f6a8172f8288a21c1ce5603e302fdd839d6d37cf0c744f52b5aafb42ff2c080e784fe3dd9d0fc6b42aec98c3146c06fc418e3723abddaa70621f53c49ff565b791c697d283c5ed6c15f4cdc87cd88adbbdd7f7cba19c106ec881db3f0eabf613598daa1d54e90ddf7fcf88c50df83d21546287ff184621d08be0aab6b0df5d7027707acba403e55e948589b0764f09b0b7fb4058e55baddbf7f820e9532b55ff60631c8e57e30d3ea5f0138818d10009edd91042711908b8cdee3c1b1c37eca9ee8d694003f6bb25c7c6cd03c5c636487ae29225a93bbf6f22ade0f7ac7471098a3d097cf363f9150f79b4b7de1c4837819d8114df6b911baa9a9185c32385051c0ece3ab', 1);
INSERT INTO public.applications VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', '91110108MA0123456G', '示例科技有限公司', 1, 'post', 'sms', '\x01731efc1257ecfe24bdd5ae55943aea8da9162da22673047774b0dd914422ba5f718c382e54c320c8b813c4fb123cf135d24e4c65d526dccf902e949cad96dd2fd7f110399ec0cf8fcc84cbfb0a0879a7cc3c48852e25bab9e92e4ad7935c530517eccdd6d5c0e5633cf267ca058a0fa5a279d7837fd5e7140ab24e08a5f20d8780f49ac41e1080edc966e7267f19535f1f2625c54f960218753fc9a42d08df3d42aabf16700f61b20b1785e0fa45f70bbeb747db36c165c94d6b280aa25c09cf42a1264af6a0afa32c63e13bb115af75cf8dbd58d4dbe855ed31423f249d1228411a6f6974af835aa8da5df3c589fbc2759ddba561aedfbe414e2892081b1198f5860b09db58dbac7ec8406eb2bc3a55b06a9e1cc186e79a873772bef14d04e8c3a11bf26c15f512cd2fd464645d7dd1cec557d5c3d7adee071906af57a266bba5319ed4cc7ebd19b86ee3b130f6d3fc979f80c4ebf9f258ff607e369a0bcdceb023780c927335f2baece0cf1e16038f9c5e68aace6b07de4445a68a14551a96eb6fb1baa8acd32dbd8b0fde9dd97de23a8c273046a7899fed0d288f34600389eed2c9c782716e311351e5fec44d080ea797ca612daa7c8616265212fe8c38327c5d8f0313a5a15c26e43cb8110c8119719de1a2b418527124d72c3e261496776159901f5c0cbfc8f13b6c76abe4c14b65ad0b6dd17a12fd7b4fbedbeed166d703f6e393e34d5efc2bf1fde4e7369126a98ab1468ebc8475251a22ace8eb1508f15f2d108370e049cd77a0bff58b4748ad9dd026b873123135daf945929463177967009edcb9ab03462ce796c503cd9232c629c4e515f21dfa0bac99c032811ab36cb87c99232c4f5b54691d11dda2b3b56336ff04fa7c01b883e3b825cf692f3bf18539ce34f09904b0d280a66ad9d9924e94ee23bb72d3dbaa22ff742fb9b672bf4f120889f316a1d68345981af43bb68b6c4f9bc32c5af80d544c28629252346d0ccc67562721a1b093649d2eee9e77ba2ea3ae86532fecda08de6aba9fa42060f95dd066ec50e37a08740a71ddf18cef9441d1fe2dd4330ab3f4c4ec52d45ece55db', 1);
INSERT INTO public.applications VALUES ('01M8FJNBS6P34SRA63BVXCQY6C', '91110108MA0123456G', '示例科技有限公司', 1, 'post', 'sms', '\x01731efc1257ecfe241be40b9f85ffe0e659aa3ff407281529fd92731cd2e57e5498b66d7cf71707f0f2fa69cfcf063090a2bf9006d3ddc6d016296defd4f383d0ea4930c5701735e7d6282a0ea2dc8e4e80dd8e98b6e6c030152f6df6fe06e44e734f9fd69ba00e21ed661e1c49c5eb40132115e557a646e4315266a4815ed0768efce79d73297f84f743b812ec5f9cc22453c9ad86a89a6ede550e48cf171dbd5fa61a658c205ae15b3fc410ad5b4b59dbb82694d93b99cb4150cef2ec4f95be4ee7ce9b280e3908e4c559b994131857644fe12454f8ea3552a29e3b3b036c15f59da807fb9c8786bf89e45b6c9d7e8cadeb0b695e5a0d738c149dfc99fee2c1a26b062318d090cf8d43d65caba3887d42e4e2a858dfc98c3734ea75f5d381ca514b79f80781082248edff8298fd1c7cb34a7b135791a3cb3d08e32c78ae9861842e66501800ba04003ef2062d5d96f08f8a5ff129019f7180e2d4af3f538a502d96e384e1aa5fbddae84a6b1ad8c6c6d925b2c53d9db2d19f31f96f203ecb4939c82871be08ac5875b21a27e1efa636206bb5ffc0303d30b07c19bde1d2f37f490d0d40461accf162e20b1e5b8054aac49a7fa0ea8a27c45850d1ef60ad8fe19240d9770e6e514c64c2f7916ea69d0236b3825f81cef9ea6cd85d31b8fafdae8df12d1737f8b4bf8c172d9a33d9c18fcbac6f0b986b985205368d594b8eaef529fbbd940c79c88d9de10e26cb1d5d7efb402ee35cdf5fe7bcb625e18ce6a30eef36b39a8d37cf8fc81bf428996d2d08c189d04ad41606f101787db27358020c1d0655ec8f0cb207d9e28ce8ba446660dc92d1f1eab890b9659bb45873258744af047168e5301bd398fb47d36c1c4427c3370c1faf37698c1a00685b3f22466aff59181af4f8b5fd2fff7cd193dfbf6692ea1b93efcbee144dfbb31471fa3e7eb74658b36f8b2ded924b94dbf13ab1134c95b778898ed51c0bc91e488836c10466bfc343a44e0b9878e00bdb53544bee27f2716e5de0127e71ae46b717748a898710ea132b1c39f6b9296ba13274bb058343594bc30ee78ada8f4c62e081ada8a1e0ad2d', 1);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES (1, 1795819193662, 'staff:uid-0', '', 'key.added', 'key:OLD1', 'direct', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x1975e1f87bd9e48fc1ec636c9e0dfd3859bea9a936d6d910715d33ac5423f7ce');
INSERT INTO public.audit VALUES (2, 1795819193912, 'staff:uid-0', '', 'key.added', 'key:OLD2', 'admin-first', '\x1975e1f87bd9e48fc1ec636c9e0dfd3859bea9a936d6d910715d33ac5423f7ce', '\x7de81a90bff60af84680c1c6524c4108628b19d17f00730ab655109f85beb54d');
INSERT INTO public.audit VALUES (3, 1795819194125, 'anonymous', '127.0.0.1', 'unlock.requested', 'unlock:01M8FJMHPP8S76PMCKJK5J0JCW', 'key OLD1, by phone: code sent', '\x7de81a90bff60af84680c1c6524c4108628b19d17f00730ab655109f85beb54d', '\x62cfb8daa55e39641bd0f12d4d0d16f68275ffe576756a4afa883e8c10ee7756');
INSERT INTO public.audit VALUES (4, 1795819194429, 'anonymous', '127.0.0.1', 'unlock.redeemed', 'unlock:01M8FJMHPP8S76PMCKJK5J0JCW', 'OLD1', '\x62cfb8daa55e39641bd0f12d4d0d16f68275ffe576756a4afa883e8c10ee7756', '\x973ca291baf4a28101ac98f2f5b7beb00afd9cad465653d8c869469ebcf4411f');
INSERT INTO public.audit VALUES (5, 1795819194689, 'anonymous', '127.0.0.1', 'unlock.done', 'unlock:01M8FJMHPP8S76PMCKJK5J0JCW', 'no certificate to prove', '\x973ca291baf4a28101ac98f2f5b7beb00afd9cad465653d8c869469ebcf4411f', '\x30d1f1f766f3f4ced4c377874886166a74b36b0ce96d1022b146609b55becaed');
INSERT INTO public.audit VALUES (6, 1795819194830, 'anonymous', '127.0.0.1', 'unlock.requested', 'unlock:01M8FJMJEDYAADSZTF4BV06YXQ', 'key OLD2, by phone: code sent', '\x30d1f1f766f3f4ced4c377874886166a74b36b0ce96d1022b146609b55becaed', '\x9b701e67fd9c6a7bd27bd26a7fc3ef1aacba81cd72359b41234cad910f25bea5');
INSERT INTO public.audit VALUES (7, 1795819197370, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', 'OLD1', '\x9b701e67fd9c6a7bd27bd26a7fc3ef1aacba81cd72359b41234cad910f25bea5', '\xffcf6c953f531a87be8fbc739f7625210a52c2a98cb32b09318e114b209a6125');
INSERT INTO public.audit VALUES (8, 1795819197565, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '', '\xffcf6c953f531a87be8fbc739f7625210a52c2a98cb32b09318e114b209a6125', '\x4bf77733bb28d077be99f624cb05d8a306805f6168d4ae4c495e5222fe42d5df');
INSERT INTO public.audit VALUES (9, 1795819197622, 'customer:rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '127.0.0.1', 'order.created', 'order:01M8FJMN5DKBPRSZ81X17RF9Z8', 'AWAIT_PAY', '\x4bf77733bb28d077be99f624cb05d8a306805f6168d4ae4c495e5222fe42d5df', '\xe297b8389587c3770a137841f0a51b0768d1ced99a07c2570654788b44df3d4b');
INSERT INTO public.audit VALUES (10, 1795819197898, 'staff:uid-0', '', 'certificate.issued', 'certificate:sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', 'OLD1', '\xe297b8389587c3770a137841f0a51b0768d1ced99a07c2570654788b44df3d4b', '\xadcda03b58d9243442f4ad177f62f1261f6be8232ec58864f38f6b7efb7b78c0');
INSERT INTO public.audit VALUES (11, 1795819198142, 'anonymous', '127.0.0.1', 'login', 'certificate:sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '', '\xadcda03b58d9243442f4ad177f62f1261f6be8232ec58864f38f6b7efb7b78c0', '\x7e97202e341bc6ec041d0fa7f3db96bca30818cff6462615d8575082473c4d78');
INSERT INTO public.audit VALUES (12, 1795819198165, 'customer:sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '127.0.0.1', 'order.created', 'order:01M8FJMNPM20K7ZK4YJ6FHRFX0', 'AWAIT_PAY', '\x7e97202e341bc6ec041d0fa7f3db96bca30818cff6462615d8575082473c4d78', '\xd626db6b1d1184a69bbc48dbb86cf44cf95d9f4c8e6b6cfcf25e6d0712b38544');
INSERT INTO public.audit VALUES (13, 1795819198235, 'customer:sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '127.0.0.1', 'order.state', 'order:01M8FJMNPM20K7ZK4YJ6FHRFX0', 'AWAIT_PAY to CANCELLED', '\xd626db6b1d1184a69bbc48dbb86cf44cf95d9f4c8e6b6cfcf25e6d0712b38544', '\x1404c09eda004516325e3eae4f185545cfa979e8f9f14f4cc15c1aa3bf0860c1');
INSERT INTO public.audit VALUES (14, 1795819200835, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', 'OLD1', '\x1404c09eda004516325e3eae4f185545cfa979e8f9f14f4cc15c1aa3bf0860c1', '\x78a5f264cafec1bc1cb953b72de09ed780e8372605d244c296a754610608df29');
INSERT INTO public.audit VALUES (15, 1795819200945, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', '', '\x78a5f264cafec1bc1cb953b72de09ed780e8372605d244c296a754610608df29', '\x01c79a52386e67a9320d770ca327daff0781c3045421f1e9a67f5020a5d41155');
INSERT INTO public.audit VALUES (16, 1795819201012, 'customer:rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', '127.0.0.1', 'order.created', 'order:01M8FJMRFM01FNHHFMW1P959CT', 'AWAIT_PAY', '\x01c79a52386e67a9320d770ca327daff0781c3045421f1e9a67f5020a5d41155', '\x69ee9d9531c30cd5e1b2ebfb87f1b323dddfa97957276b123252c85870ca00c8');
INSERT INTO public.audit VALUES (17, 1795819201336, 'provider:pay', '', 'order.state', 'order:01M8FJMRFM01FNHHFMW1P959CT', 'AWAIT_PAY to PAID', '\x69ee9d9531c30cd5e1b2ebfb87f1b323dddfa97957276b123252c85870ca00c8', '\x32e61e1b46c40bcc2d29636219472babd1323761c9e287eddc473a74ccb2ff35');
INSERT INTO public.audit VALUES (18, 1795819202079, 'staff:uid-0', '', 'certificate.issued', 'certificate:sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', 'OLD1', '\x32e61e1b46c40bcc2d29636219472babd1323761c9e287eddc473a74ccb2ff35', '\xb0e4280d1fe5edeb683e705c465755d66993b824a2e00c63497ffe3de899a5e1');
INSERT INTO public.audit VALUES (19, 1795819202312, 'anonymous', '127.0.0.1', 'login', 'certificate:sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '', '\xb0e4280d1fe5edeb683e705c465755d66993b824a2e00c63497ffe3de899a5e1', '\x7398861bd47e658e26e46ab1557a731643c5f7f4ef14e0dbef95d10b7461e014');
INSERT INTO public.audit VALUES (20, 1795819202405, 'customer:sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '127.0.0.1', 'order.created', 'order:01M8FJMSTYVD52BB93TZKHPYEV', 'AWAIT_PAY', '\x7398861bd47e658e26e46ab1557a731643c5f7f4ef14e0dbef95d10b7461e014', '\xc892c7222514189fecf5efaad12a03fa112c3267c3e4979cfe8e13bb1328af6c');
INSERT INTO public.audit VALUES (21, 1795819202781, 'provider:pay', '', 'order.state', 'order:01M8FJMSTYVD52BB93TZKHPYEV', 'AWAIT_PAY to PAID', '\xc892c7222514189fecf5efaad12a03fa112c3267c3e4979cfe8e13bb1328af6c', '\x894451cdb0d30c14a01ef13487a24b8a6b63e570a44e0470f13f55307c635ff2');
INSERT INTO public.audit VALUES (22, 1795819203114, 'customer:sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '127.0.0.1', 'order.state', 'order:01M8FJMSTYVD52BB93TZKHPYEV', 'PAID to ISSUED', '\x894451cdb0d30c14a01ef13487a24b8a6b63e570a44e0470f13f55307c635ff2', '\xfe83464a4449b19e2494628dc32df6b7d9ac793fbbca36cec6688d96f4d9a07d');
INSERT INTO public.audit VALUES (23, 1795819203114, 'customer:sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '127.0.0.1', 'certificate.issued', 'sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', '01M8FJMSTYVD52BB93TZKHPYEV', '\xfe83464a4449b19e2494628dc32df6b7d9ac793fbbca36cec6688d96f4d9a07d', '\xb1a77ce0c40cb4eee8a6387ce060f8a8cb5122886d06ed3c24402ed3186947e3');
INSERT INTO public.audit VALUES (24, 1795819205957, 'staff:uid-0', '', 'certificate.issued', 'certificate:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'OLD1', '\xb1a77ce0c40cb4eee8a6387ce060f8a8cb5122886d06ed3c24402ed3186947e3', '\xd973f2900a13561654b3c1bc437ad7b074f12202eec89645f1f32c0700be4ed3');
INSERT INTO public.audit VALUES (25, 1795819206205, 'anonymous', '127.0.0.1', 'login', 'certificate:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '', '\xd973f2900a13561654b3c1bc437ad7b074f12202eec89645f1f32c0700be4ed3', '\x922079d5836690310608ad9b6f58469f3099fe0b348ad01b4d425510a2247f0f');
INSERT INTO public.audit VALUES (26, 1795819206220, 'customer:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '127.0.0.1', 'order.created', 'order:01M8FJMXJCC10KN39JRD76R185', 'AWAIT_PAY', '\x922079d5836690310608ad9b6f58469f3099fe0b348ad01b4d425510a2247f0f', '\xc69e1564152c1d10ffef72dbf4c2ed8ca928515e757b2e1b988c316f5a69d3a2');
INSERT INTO public.audit VALUES (27, 1795819206506, 'provider:pay', '', 'order.state', 'order:01M8FJMXJCC10KN39JRD76R185', 'AWAIT_PAY to PAID', '\xc69e1564152c1d10ffef72dbf4c2ed8ca928515e757b2e1b988c316f5a69d3a2', '\x1c39b0a69ccb3efa69e50b963c45b6eec5c474aa1ec655c3fcad0217b5e86824');
INSERT INTO public.audit VALUES (28, 1795819209520, 'customer:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '127.0.0.1', 'order.state', 'order:01M8FJMXJCC10KN39JRD76R185', 'PAID to ISSUED', '\x1c39b0a69ccb3efa69e50b963c45b6eec5c474aa1ec655c3fcad0217b5e86824', '\x4355b12310537db3bc78a5df88b37ffed5886685ef010fd0269fa16f632399fb');
INSERT INTO public.audit VALUES (29, 1795819209520, 'customer:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '127.0.0.1', 'certificate.issued', 'rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '01M8FJMXJCC10KN39JRD76R185', '\x4355b12310537db3bc78a5df88b37ffed5886685ef010fd0269fa16f632399fb', '\xf78b8458e539f054f0552f517304825b5b59082bfcdd3751035d4bf2f5092a82');
INSERT INTO public.audit VALUES (30, 1795819210093, 'customer:rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '127.0.0.1', 'order.state', 'order:01M8FJMXJCC10KN39JRD76R185', 'ISSUED to DONE', '\xf78b8458e539f054f0552f517304825b5b59082bfcdd3751035d4bf2f5092a82', '\x635c022d5f04a92e553f5549a3af546b601736395170db835cb19b968f002d0a');
INSERT INTO public.audit VALUES (31, 1795819210098, 'customer:rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '127.0.0.1', 'certificate.revoked', 'certificate:rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'reason 4', '\x635c022d5f04a92e553f5549a3af546b601736395170db835cb19b968f002d0a', '\xfeb70cca02228b168ea21729f1c23b52b27c453b40f31322ccaa4a4516e88d07');
INSERT INTO public.audit VALUES (32, 1795819213504, 'staff:uid-0', '', 'staff.added', 'staff:petra', 'reviewer,producer', '\xfeb70cca02228b168ea21729f1c23b52b27c453b40f31322ccaa4a4516e88d07', '\x0609b66e0b45e85ac59a47cf7bc1b35ce1620ec46e6eb9d9eadc5c910b7324c0');
INSERT INTO public.audit VALUES (33, 1795819213800, 'anonymous', '127.0.0.1', 'customer.code', 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '', '\x0609b66e0b45e85ac59a47cf7bc1b35ce1620ec46e6eb9d9eadc5c910b7324c0', '\x0b93073b177ab1256d7fef501f186f757c54ce7c77c5def3b8ebfd86e0eba9c7');
INSERT INTO public.audit VALUES (34, 1795819214090, 'anonymous', '127.0.0.1', 'customer.login', 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '', '\x0b93073b177ab1256d7fef501f186f757c54ce7c77c5def3b8ebfd86e0eba9c7', '\xbf45a44170a53c34381232b410c556db1ba74ab2ee339625b16b2bc166455019');
INSERT INTO public.audit VALUES (35, 1795819214110, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.created', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'DRAFT', '\xbf45a44170a53c34381232b410c556db1ba74ab2ee339625b16b2bc166455019', '\xb21838254f48b8be1315b186c1e5cfa942e01cec44563698fc16a069797264c0');
INSERT INTO public.audit VALUES (36, 1795819214726, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'DRAFT to VERIFYING', '\xb21838254f48b8be1315b186c1e5cfa942e01cec44563698fc16a069797264c0', '\x18406503ba92156d8605d8c925eb5de843ac30ef395a1069d38ac8bafb76c222');
INSERT INTO public.audit VALUES (37, 1795819214765, 'provider:identity', '', 'order.identity', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'verify by phone: sent', '\x18406503ba92156d8605d8c925eb5de843ac30ef395a1069d38ac8bafb76c222', '\x9eea919c379b63006e3bf2bfdcdcec7ff852c3a5a4c972e6cff479b659445247');
INSERT INTO public.audit VALUES (38, 1795819214934, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'VERIFYING to VERIFIED', '\x9eea919c379b63006e3bf2bfdcdcec7ff852c3a5a4c972e6cff479b659445247', '\xdee4d23ee109da7fba275245c6603bcbd5f6e086c7898158a866721db0937f0f');
INSERT INTO public.audit VALUES (39, 1795819215053, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'licence', '\xdee4d23ee109da7fba275245c6603bcbd5f6e086c7898158a866721db0937f0f', '\x5596f4f80635d68e3f70c7ea9fa19bd95a7c49814a749c0e7e90a2423b90a058');
INSERT INTO public.audit VALUES (40, 1795819215132, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'operator-id-front', '\x5596f4f80635d68e3f70c7ea9fa19bd95a7c49814a749c0e7e90a2423b90a058', '\x849a549dbf16455f1e51668f1b8cf7d2f72895385718c0d62d2b2f4d122502ab');
INSERT INTO public.audit VALUES (41, 1795819215291, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'operator-id-back', '\x849a549dbf16455f1e51668f1b8cf7d2f72895385718c0d62d2b2f4d122502ab', '\xed4cb822e569023bc2afc86377df687fdf41414a8012d99c81e7aaefd9faa8f6');
INSERT INTO public.audit VALUES (46, 1795819215682, 'provider:pay', '', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'AWAIT_PAY to PAID', '\x5eb85e846cf241817c2697916843c03144493fc2f8a11bd13042227cefe6b114', '\x403bbef5ec7b4d0665339e1d4a03d756d48fec97ebc8e0f72585d310d6fc211f');
INSERT INTO public.audit VALUES (47, 1795819215683, 'system', '', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'PAID to IN_REVIEW', '\x403bbef5ec7b4d0665339e1d4a03d756d48fec97ebc8e0f72585d310d6fc211f', '\x7b4d3e9117f3d795bccaf2b0d9d8fb9d643553a588ae99df9a05e57d4ae4030e');
INSERT INTO public.audit VALUES (77, 1795819220774, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.created', 'order:01M8FJNBS6P34SRA63BVXCQY6C', 'DRAFT', '\xd856ff80cba389aca82f8f36899d113129add35f321779f7bfaecaea95b4ffd9', '\xe3fb6d4a7762ab8810f9c665396d0dc320e3545a4e52430d0181c9c0ed60e9db');
INSERT INTO public.audit VALUES (42, 1795819215380, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'VERIFIED to UPLOADED', '\xed4cb822e569023bc2afc86377df687fdf41414a8012d99c81e7aaefd9faa8f6', '\x9e56de956ebb5f2bc78ad7b14c2ff4bcdaa40f94b349b1224095b5d0dbaa6c87');
INSERT INTO public.audit VALUES (43, 1795819215380, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'seal-sheet', '\x9e56de956ebb5f2bc78ad7b14c2ff4bcdaa40f94b349b1224095b5d0dbaa6c87', '\xad8dda5ce515df7b28f160156b977aecb326b4c3b540e6813eb02e6394960998');
INSERT INTO public.audit VALUES (78, 1795819220845, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNBS6P34SRA63BVXCQY6C', 'DRAFT to VERIFYING', '\xe3fb6d4a7762ab8810f9c665396d0dc320e3545a4e52430d0181c9c0ed60e9db', '\x46f4423da184ec6ffb6656d748c679caa8b70f27704bee3f9594d0c152feee3a');
INSERT INTO public.audit VALUES (44, 1795819215617, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'UPLOADED to SIGNED', '\xad8dda5ce515df7b28f160156b977aecb326b4c3b540e6813eb02e6394960998', '\xcfbffc5d3dc2025780522ece489cba37edf7bb0e19cd6e75c99150a2adb431eb');
INSERT INTO public.audit VALUES (45, 1795819215617, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'SIGNED to AWAIT_PAY', '\xcfbffc5d3dc2025780522ece489cba37edf7bb0e19cd6e75c99150a2adb431eb', '\x5eb85e846cf241817c2697916843c03144493fc2f8a11bd13042227cefe6b114');
INSERT INTO public.audit VALUES (48, 1795819215982, 'staff:uid-0', '', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'IN_REVIEW to APPROVED', '\x7b4d3e9117f3d795bccaf2b0d9d8fb9d643553a588ae99df9a05e57d4ae4030e', '\x36e3b4665be61f6a47cd40ba0bf5bf09cb7588a6fa6e02035ec42bba8587e130');
INSERT INTO public.audit VALUES (49, 1795819217428, 'staff:petra', '127.0.0.1', 'staff.login', 'staff:petra', '', '\x36e3b4665be61f6a47cd40ba0bf5bf09cb7588a6fa6e02035ec42bba8587e130', '\xc6f699ec312682c4bcac0bcc9468257ee43f4a5c054530dbc959822c4ab21229');
INSERT INTO public.audit VALUES (50, 1795819217649, 'staff:petra', '127.0.0.1', 'production.looked', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', '', '\xc6f699ec312682c4bcac0bcc9468257ee43f4a5c054530dbc959822c4ab21229', '\x76c91f21c8a005bddf805288ac7734d43c66970f03e53d207c1730acf810f528');
INSERT INTO public.audit VALUES (51, 1795819217670, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'APPROVED to PRODUCING', '\x76c91f21c8a005bddf805288ac7734d43c66970f03e53d207c1730acf810f528', '\x17d27c1fa1e6a0bbbbcb8078dfab4be45000e2f55eb3cc55668e41e855b85f25');
INSERT INTO public.audit VALUES (52, 1795819217672, 'staff:petra', '127.0.0.1', 'production.begun', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'key OLDNEW1', '\x17d27c1fa1e6a0bbbbcb8078dfab4be45000e2f55eb3cc55668e41e855b85f25', '\x1d88be25d265205bea1720af75d0478fc9596f6257c56210c08ea6910a5360b2');
INSERT INTO public.audit VALUES (53, 1795819217677, 'staff:petra', '127.0.0.1', 'production.secrets', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'OLDNEW1', '\x1d88be25d265205bea1720af75d0478fc9596f6257c56210c08ea6910a5360b2', '\xb0b4dc62ab3018b5a8d95fbf63f61a43cbb9386fbccec173d762367189848c50');
INSERT INTO public.audit VALUES (54, 1795819217800, 'staff:petra', '127.0.0.1', 'certificate.issued', 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', '01M8FJN58VCN9AVP3RCTTE3EVS', '\xb0b4dc62ab3018b5a8d95fbf63f61a43cbb9386fbccec173d762367189848c50', '\xa893bd9858cbc9f93748089230c9d8ccf54c0d5fbb21ee6e190bd8e82003da01');
INSERT INTO public.audit VALUES (55, 1795819217937, 'staff:petra', '127.0.0.1', 'production.made', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'key OLDNEW1: sm2:1a21f2aa37dfc6f058573796d2d092b736951be', '\xa893bd9858cbc9f93748089230c9d8ccf54c0d5fbb21ee6e190bd8e82003da01', '\x9b1c2e3443122eb923ced7f413062ed371ff05495b11a4f1105cf88c3e9ccd65');
INSERT INTO public.audit VALUES (56, 1795819217937, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'PRODUCING to READY', '\x9b1c2e3443122eb923ced7f413062ed371ff05495b11a4f1105cf88c3e9ccd65', '\x1d7ec7746e6cc96b3515c95d1f8ef1fe2bae8b0b30477abfbaed450aa9afec76');
INSERT INTO public.audit VALUES (72, 1795819220400, 'provider:pay', '', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'AWAIT_PAY to PAID', '\x747c6be136160e6251da30205059739fbb0c13b21dfbefa600cbbdd025c96f93', '\xf649bec2d09db6481e610f68945771cdebe219453eed8c81ab329c24860b2f44');
INSERT INTO public.audit VALUES (73, 1795819220402, 'system', '', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'PAID to IN_REVIEW', '\xf649bec2d09db6481e610f68945771cdebe219453eed8c81ab329c24860b2f44', '\x51b73922ac9545cf5600849477a2f406fbdb96335e80791aa3c7bcea6a7e6fc7');
INSERT INTO public.audit VALUES (75, 1795819220722, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'REJECTED to UPLOADED', '\xc435c53044a17edf4d2b38f7c097e274f893ca55de339f7a247eb7aad397b52c', '\x6a8075e56f44cc6bca7a8354b25a0f3db9a4d778be3a035ea57765a8cafc5580');
INSERT INTO public.audit VALUES (76, 1795819220722, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'UPLOADED to IN_REVIEW', '\x6a8075e56f44cc6bca7a8354b25a0f3db9a4d778be3a035ea57765a8cafc5580', '\xd856ff80cba389aca82f8f36899d113129add35f321779f7bfaecaea95b4ffd9');
INSERT INTO public.audit VALUES (79, 1795819220884, 'provider:identity', '', 'order.identity', 'order:01M8FJNBS6P34SRA63BVXCQY6C', 'verify by phone: sent', '\x46f4423da184ec6ffb6656d748c679caa8b70f27704bee3f9594d0c152feee3a', '\xb010c194216c3b52df269cd538148ed1e6aa8dfe1191566922d8100a3b095bf1');
INSERT INTO public.audit VALUES (57, 1795819218001, 'system', '', 'production.pin-sent', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'key OLDNEW1: by text message', '\x1d7ec7746e6cc96b3515c95d1f8ef1fe2bae8b0b30477abfbaed450aa9afec76', '\xf4618f7da624b59dca1649516c9cf04d8cf1d075ad08c136a212235282539c77');
INSERT INTO public.audit VALUES (58, 1795819218017, 'staff:petra', '127.0.0.1', 'production.handed-over', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'key OLDNEW1: to the operator', '\xf4618f7da624b59dca1649516c9cf04d8cf1d075ad08c136a212235282539c77', '\xdcbb3765d59a3f8fe944d0809bb9789dd9fc44b246db579fbbfca2f3b06310c0');
INSERT INTO public.audit VALUES (59, 1795819218018, 'staff:petra', '127.0.0.1', 'order.state', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'READY to DONE', '\xdcbb3765d59a3f8fe944d0809bb9789dd9fc44b246db579fbbfca2f3b06310c0', '\x379e83ab60592853f914e445ede84309a623d192cdf358fcccf0e12bc504e200');
INSERT INTO public.audit VALUES (60, 1795819219120, 'provider:invoice', '', 'order.invoice', 'order:01M8FJN58VCN9AVP3RCTTE3EVS', 'issued', '\x379e83ab60592853f914e445ede84309a623d192cdf358fcccf0e12bc504e200', '\xba1caf89298f97aa7c29cfc5454583216f3405a0ac2ab38884d14bee6dfb51cd');
INSERT INTO public.audit VALUES (61, 1795819219276, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.created', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'DRAFT', '\xba1caf89298f97aa7c29cfc5454583216f3405a0ac2ab38884d14bee6dfb51cd', '\x7e71e50cba5036c2044135e407e57ff12c9e5e5fd3891258e17993ab94c6845e');
INSERT INTO public.audit VALUES (64, 1795819219672, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'VERIFYING to VERIFIED', '\x1d73030d6e3086faf7bac24e8ee215cadcc51613c7a9d7b63d9c9334c31a6c07', '\x0683cd0fbaddc06a057a47aa7812b581e5e1cf5604d0c43dec2dcfccda086886');
INSERT INTO public.audit VALUES (65, 1795819219769, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'licence', '\x0683cd0fbaddc06a057a47aa7812b581e5e1cf5604d0c43dec2dcfccda086886', '\x2181fe81abf841ff26a668b45d9071e8fc0583cb67cdac88753afd2602a382a9');
INSERT INTO public.audit VALUES (68, 1795819219981, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'VERIFIED to UPLOADED', '\x6ada21c6d6b8aefb8cab63ec7f19398fb715ed2de32dda232c77559130efe4fb', '\xda97fcc64c7e2e5533028af422bb223e3ae4a680f8dc937f02d39c623885dd5f');
INSERT INTO public.audit VALUES (69, 1795819219981, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'seal-sheet', '\xda97fcc64c7e2e5533028af422bb223e3ae4a680f8dc937f02d39c623885dd5f', '\x7c8631bb6bab244c6cee9aba3cded9157e9acd03617e464f9229b0df8c40d877');
INSERT INTO public.audit VALUES (70, 1795819220244, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'UPLOADED to SIGNED', '\x7c8631bb6bab244c6cee9aba3cded9157e9acd03617e464f9229b0df8c40d877', '\x477861f3a8993d33387f86fa9521597b5dc78b1fac5b772be8d04be4a558f2b5');
INSERT INTO public.audit VALUES (71, 1795819220244, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'SIGNED to AWAIT_PAY', '\x477861f3a8993d33387f86fa9521597b5dc78b1fac5b772be8d04be4a558f2b5', '\x747c6be136160e6251da30205059739fbb0c13b21dfbefa600cbbdd025c96f93');
INSERT INTO public.audit VALUES (62, 1795819219463, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'DRAFT to VERIFYING', '\x7e71e50cba5036c2044135e407e57ff12c9e5e5fd3891258e17993ab94c6845e', '\x2ce6a57629384805e15550d0594770912c04d0f67f5a3dd7a4cf378d74fbf19f');
INSERT INTO public.audit VALUES (63, 1795819219474, 'provider:identity', '', 'order.identity', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'verify by phone: sent', '\x2ce6a57629384805e15550d0594770912c04d0f67f5a3dd7a4cf378d74fbf19f', '\x1d73030d6e3086faf7bac24e8ee215cadcc51613c7a9d7b63d9c9334c31a6c07');
INSERT INTO public.audit VALUES (66, 1795819219837, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'operator-id-front', '\x2181fe81abf841ff26a668b45d9071e8fc0583cb67cdac88753afd2602a382a9', '\x6336c4c15a331326be3c81b80b304c0ad6a71d3f7c2b144aacc240ca5440a5d2');
INSERT INTO public.audit VALUES (67, 1795819219943, 'customer:91110108MA0123456G:0f4cbe2fe3ea47a5', '127.0.0.1', 'order.document', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'operator-id-back', '\x6336c4c15a331326be3c81b80b304c0ad6a71d3f7c2b144aacc240ca5440a5d2', '\x6ada21c6d6b8aefb8cab63ec7f19398fb715ed2de32dda232c77559130efe4fb');
INSERT INTO public.audit VALUES (74, 1795819220611, 'staff:uid-0', '', 'order.state', 'order:01M8FJNAACH6HPP4YM5DS7XNFN', 'IN_REVIEW to REJECTED', '\x51b73922ac9545cf5600849477a2f406fbdb96335e80791aa3c7bcea6a7e6fc7', '\xc435c53044a17edf4d2b38f7c097e274f893ca55de339f7a247eb7aad397b52c');


--
-- Data for Name: certificates; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.certificates VALUES ('rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '1a21f2a4f2a9e349417e74d451964fbd625b5d0', 'rsa', 'sign', 'OLD1', 'c-waits', 'rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '测试证书 rsa', '3decb16aafd79266262e3b5824ec7737eda36873767e3871ed3da704677ccb32', '\x3082038f30820277a003020102021401a21f2a4f2a9e349417e74d451964fbd625b5d0300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333435365a170d3236313232373232333435365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100aa56b0fa34392625f1c81fb86851f0781d21fc7104143ecf064069d3fd5dfa2651be65c3affdc89853eb394fb3f99e32241da44c24dd2ece5ed59f59feab23981d4fccca3e8728d3531b6915b6045a0c5febef638b748778b0824271516e28e2e061ffeda5fcd21e55f0f8a988c07324c3b1f943196434d4a0abfe0364b8f34677852177862cf86890f21e68129baf986ff57c9cb2bd68672bdd1b1ad4024dc1494afa27e113ae966d1ea64d5465e365ad21a3686a5d0412150dfa220173809c5859720946df88858764e05946aaa344238b6ac0fd13fe547849dda3b616f5b547ee403960ac01cf53f74da18846cea79d297a234ae8658412e2ed99fc38b3410203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e0416041499a02e2e9301fa9c63e4e39f2e42bff7018df6e3301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b05000382010100608446dc53c5c5c2ea9661156fee642755a9768452fa7138d4fd8f6ba90f4f604ed515a80b3c0d017f94e8be25f16f8aa7ed3364abff90dae0b7fb725f53c481e787ce0c668921c8fd7973772fb4536e3db62c9f836fa48551c94d222b51017d4f6d40431261595ed43fd980f81b0f452897f5b01950eeaada411bdd75bf3c8be3e18bae5b7747823e13f86edb1df798c46346c78bcac683e2e554a6bc29fba146e45b418463488b316826289736302fef00dda5b283cfcb65304430bc0d8d9f5fcdcf190cfa607640bdf669b62150e519e4f8f9d7d877e380a6da2374d0270a64d700307432b19ee47e2e1280f939ea80103064326a7be5021d9fca3f020872', NULL, 1795818896000, 1798410896000, 'good', 0, 0, 1795819197362, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a4f2aee1511ed298b5b9a25d0b7b553bf', '1a21f2a4f2aee1511ed298b5b9a25d0b7b553bf', 'rsa', 'enc', 'OLD1', 'c-waits', 'rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '测试证书 rsa', '1ea06a80a640f3c51cb472287d67cde10f78ab603ddad6bbfe2b06d7df8dc959', '\x3082038f30820277a003020102021401a21f2a4f2aee1511ed298b5b9a25d0b7b553bf300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333435365a170d3236313232373232333435365a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100b836be0702275810f1bce789ae5dd8589b6982087115085d7275e0b9fe85fcb788aabb4768f9666d7f6ce74d7f4cbdfcfdf1cf247b92d06014be4ca1044fb0fb8db4936b503cf8c0a8b96ff7782e78bb375535fd79b609cc38ae003c4da3e9f4fe842eb209752fdf5d4e78635600f2c9fe5d1b50999bf6532d564dbc7d9f59be6ba7de5a310f8110e268a7d6fa3e2ecb61c7ea9d9b33286069997168d982201256b7cf0b50ffd1e3f828f98f504296e51ab84f10e0889ecc218a00a6a0e0a752374edc83de472c61adb93b7a20aa9f85126935bf84d88dfa55a8fe3956afd1c7d2e0b3c382110f3cfaa42d27754d8e65558c37d2df393337fb4b298985cd5f090203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e0416041430fcd90e104ae63a270d22d950412e1b11869445301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b0500038201010078294383a31d4d3ecd24800203144165129c5064c57cbf01e1070fffbf1a121ed12d87f2e7416de7d8df8222515a8e3d3be6f0492cc2030e2b7f9a27bd3ca10a3e68c1cf41191f7a6baf85a956f3255f6cca277fe8e1aca84c21cc7b00973ccff840720a318feb1989a27c77a910b6d857def9b237a0b5817f65a8efd2c73f27db6939b13457ee31670f35bd9cdc4a2896d201b4e9b54cb979d9b5d1e7a34bc7c7ff0026fe735917390479af5e2046a1970587fe1c9631b3b78a6245cbaf2d388b4ddc00d420a80342f6d53d1f8becfc4c32b8b27b08b498d19aab49ba2275f17b9746bf77621d12bcf415ae3f6b4623988a3519e52cf903427ce9bc89930b0e', '\x01731efc1257ecfe24fb80e5439ad96ef767ea9b9c63a9ade717abf5928cd7e599e5879920b79c5ed33e71a9b77590587e209ef6c89e356177ef21daa99c5dea3661f51cdf469aad5bf9845cf45e1701bb8f9c446232f538c23ab135c19a4b0477aab80f2e7cb4549743886a18b07445f69c8cacae0aba46d786eaf5a4ac2f317161326f4cfa01f2584436b562953736d89f7d32866417d110cfc89f914cc7741d557fa4517e4d565216dd47bfabe73f196cc5e6e3feefbeb3c7dd7cd4b2d9e6cfd8db848926a2a20e8477b360b807fc54318f2015d903a65cceb5ffd07fac86026603a52d268972e5915a712d86752487295a5ab4fbb28874e7288aaf61d7e7200ffe6f9024a14d193e9c0050064d41fac97fc384e26c4c6e02b1a69303f854b4ca1f0c6e3f71883bfba0402a6075675cd268b359345a25aafbbc904bfdf29d7f05fbae955305eb60be02b1911011883b4c7a5650bfdc3f6e8046a88694e2322f3d7f9f1aea618cfbbdcd3c3796602ef8fa7bb9507edd9241fc3456f9076af9fde316b92fceef9403748ca8cf5f7c51b77c18716749e02e8c383324c7e37e7fb49019858f0682601b2a42b766984f6c736e8674caff2f5b2e508c7e13d01c520efa4252f65ba511ac9d95170c4e3e54320bae8eb7813200fa9b183ebb913c8795c85a53df4f4ed2f0c81caf9bb605a2a88b08c168924c5463b5dbc59c59a90578e5ff3816ea7fc5f956b3872fa79cf0a71ec98ccb19d4bd8ad76a110060eb468fad9bdbe6b7154613c1e91e2959b6ce2c1b24df4dc01b282b1da09449000548bfd01775d68b7cacebbddd0f2ede70296c2611deab6775a78922fec69e29b54807c1cb8462ca9572730723345d1bcaf8384df2612501ca5856be43ba4365ed8fb2becef6a6e60cc8298462e131ea15432db7a4cd51157597cee03debad6bf501ab5ff9d925c78e55f9c2083361651d893ef84f592f27d9212a8117af69b2206567ee9a15a6a8e9cf9cd9c5eb2a72a4d58b2671b1b059faf456333de3f89e1e9f7e89a28a15677db93b16ae9f870c2e48dfb8113d04bfdddf88c0e0bab79b242babb987c6ea3f9c5b1dcab17654345b5615240601d6189f8867bdbff33e22ae8c61dfea9af0bc49e81eda526350974966a7cce3329c594daa2475521385250fea4c551060e107cc729a55d0f5606d4f8251f8c3c5742851464c99dc28b4c168fa4b630277598128af56428fe6611fe5168d42bc47c44a3c3d2da6c4be7623dcda80f3fb83a8e1ef8028318978c49a2e2a51048e8b21d79944d94d3d0e869cd8e91b944f46d6b3cc1641929f4eabe38bdd356b674c23756767a25d0922ea9f949c6ad4f6762d3b8bb42b6873de46a34967d0eba30814d1044f697a481ca363dce8495dd31667ff580d93952ee6b573b1f26abe171f1aeb95f6a0ac481923afb7be8fb6cca5be61f78664363f40df0cef52347007f9e0aae84486a3062dadd90effaade4a05f94b27488b96ed543941f563973ef845a86c91113bc9459b0c6ed0a0ff9c608cb67aa3008add50cf2e119f8ea1744a2732e75e6f80e8bd93906ba262f892fa29f7cc821f0adcbd500f567f5a3f86acba58bfc12ec2c86880efdc274d26d40ae6cd45cd6aed83df20a705992cd2a1cc4d743dcce965e531bc5af97d5248bad3814778b822b910b73823e9ea4ca517d09f056155d5463318b34d9d8291d9769759e9c4813d916c30', 1795818896000, 1798410896000, 'good', 0, 0, 1795819197362, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '1a21f2a558edf53ef3302a8367d4014f8212fea', 'sm2', 'sign', 'OLD1', 'c-cancelled', 'sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '测试证书 sm2', '20ebcb736b25b80f57306c83396ce59099fb42b81f987d741ea5d07732874d5c', '\x30820204308201a9a003020102021401a21f2a558edf53ef3302a8367d4014f8212fea300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333435375a170d3236313232373232333435375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d03420004076b486a9318726daf0d086eaade4270e78cdc172677971c463d4b48ed24c79e9bcc6f772badf76d8f07fb3186728ea622ea14b87bdd1486bdad5b51987e528ba360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e041604140f0b11fe4fa44d39eb0898fa7afb388137d2ba84301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750349003046022100865f3331fe95fcaa24a8ca0dcf307c74c752e785ab65cc4241c88f06696fa10a0221008de31902fcffdff6aa77bdd23b6c5d873322e3a2faa1eb2b4b5a12cbda318bc1', NULL, 1795818897000, 1798410897000, 'good', 0, 0, 1795819197894, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a558e1db72046a7abecfd8aaf00dfaf7d', '1a21f2a558e1db72046a7abecfd8aaf00dfaf7d', 'sm2', 'enc', 'OLD1', 'c-cancelled', 'sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '测试证书 sm2', '291d2fac3e369989f7f52fbd6fa159e2bd8a1577be79d8925cf4a68bde50bcb8', '\x30820204308201a9a003020102021401a21f2a558e1db72046a7abecfd8aaf00dfaf7d300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333435375a170d3236313232373232333435375a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d034200046d61f99555a694c8765068ee6a8ea864430b546eb0f6539e6075719f767cda4b6d7673916d490a1318050ca17fd2ee12ceb4272539583639859e92b9d7cf8fc0a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e041604143bc726e8e51e58bbd07bc2293b5ff137890b157d301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750349003046022100fbb3815e3ac04e2402bb221f14a78d377f736e373cdc86149807066bc9fcf2ab022100dd7d282bbc68c38cbc542ce30351296c1171e9629b42b3e1557f2ba932a0c486', '\x01731efc1257ecfe2408f860680bfcd57bc0dfee430b17c1e4a0dbcd31ada823f4302a086f26c7268d38cdfcd045762b30633c8d443751960bdefbd0e3f31580ff7b6ad63b', 1795818897000, 1798410897000, 'good', 0, 0, 1795819197894, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', '1a21f2a5a395cfe020f2a62c13afae57b29e28c', 'rsa', 'sign', 'OLD1', 'c-paid', 'rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', '测试证书 rsa', '8aa60e03832c423c478e6a07e7c1914c5a0ebbe5409ebf063e4f50a04caf5c06', '\x3082038f30820277a003020102021401a21f2a5a395cfe020f2a62c13afae57b29e28c300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333435395a170d3236313232373232333435395a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100bd4f4adc8eff0ec4ce61419a9377e33277ab14fe22c5bb7fb69a0def0e84b403780cfd689b6cc493ba37cb0d8245aa15059ad439c1d704eab01e1d8e4dbd68e8634194e59b98922b7e421a7ac4a02959eb83b625372ba26f0aac7b3e0e4e19ab4a71ccf4f1419839c4e3c069ab99c23f85868fdb6330bed405c204aff63d19c97d51499dfe119f7181c4d699ca0f843649a119c80b8951ee0927024eefc9d0db07c06884a98bc9a64526db5935c352956dad4133d528f0cd2f5fa7d520e9b28fdd724a024f0d39695992e83c6076c1939e3652afb9b50c9cdca59e75e5396127a3ee1df539f30e1b4370ac592f3d67bc431562e8d69ba2bd930e1c27a40bc2350203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414d2d760209691df0678dd588ef2099cfb3a7410be301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b0500038201010033246fc3f3afc2c40e07c1ab0d66eae1d2549ee0092371152eeed47e7879d3ab99a6b6d5ff463cf5e2a13787ee0b1f6650be7f0c716d4e93fcdc7b3c2531a8d3824cb16ba793a0109c11a7b9ce2b3ab12cbf904fc6e0ccce5ab02727be5dd282cc889811612068a6e3833b810b60a77874ddcb43bb5ff454183d9f2868bbe3eb93dc3ab30c83de2a8344638494291369e4f5b6f0b26e5b5433cf9890e2845488510064095805272645bbe0ccd3a8cb87d3f6fb7e6933aec7e69a50a4e2cf37280780701452d17995043f834394365078f61a609931bf8e375dd7426b3f879d08f3d579bc4433234b4fb570104b1a67eeb57cd147225b2adbd06529590d7360d2', NULL, 1795818899000, 1798410899000, 'good', 0, 0, 1795819200826, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a5a39bfdd3b6663e73cea80ec5270fc96', '1a21f2a5a39bfdd3b6663e73cea80ec5270fc96', 'rsa', 'enc', 'OLD1', 'c-paid', 'rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', '测试证书 rsa', 'bcdd125687e18f61492d57ddce0836d9c0cec4d1e10d397639c69721ab290598', '\x3082038f30820277a003020102021401a21f2a5a39bfdd3b6663e73cea80ec5270fc96300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333435395a170d3236313232373232333435395a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a02820101008eb84364240d982390649e356daf95849219ec06100844283a5d4fa1a1f9555e095fae0b697939a11c2f8118b15e1abc65aa937734edd5ad58e6cf4596ac310c019f96b106f6d658be8c11982097c89050c17a4611523024f0770b8f0fba70f3c2ef1f06fab7826bddcca3e8f83be40e292e91fede2dda77f76bc26ab40a7d92432c82f5de4753664da0995c133842e5a1e6ffb7694248fa85146ce0b8887709d1512dd519f9863a3cf88c1873fdae9aaab0d3b4b790a86a9239260427805d60241616a18d301a243af6d7e8485526ad1c549e9dd40a863902cfbca5ec4be0ea6c805218f0996a1a5b686a3b41f29d63afe8c3252acfb01dc2f0efdfb71572830203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e041604149617dad9ddc7d524fae48d7f9828e8c957cac79b301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b050003820101005e45c79002726b59d65f208494eb0a5741fd7ba4696ee41017beaafbfd8786295ff56f58b87601df00ed816b33c00a73108b2d5316c2cd36d8b3577bcf90eada50110e554163f21cd9fb83a65ca9455dc6a8c2cc00972f023ac934f1a7191beeb351c09face3c023f99b6dbaadb8f9c9589285be0bc9171041ec480b4d6baebe65c5402c449c894a9d59aec25048a9c07b00eb293de20087e5f381c8dd5fb85413442c67e12b68ea50339024a27711636ac11c1c77a382b58c4281b8a53b42a2da034410dbc4296b9ef1d9e37d0d8fb52868943ad1b2cfb82fb2ad3c80dafd5f08119000a263d54a10db0d1f26cee73effa2ed9f83e47a572b83b3e056d4d004', '\x01731efc1257ecfe2464ae959c12035a76202e68f009ad9c33b9425507b3f75c4dd627cc68679d9b0b11b0ca5fd525d9a76930e310b0f6a610a0e961a3cbfa7dec5a6b6f21fff9019a3e9a3893542eaf97cb3c8e5de2d793050d6d4830ffc07dc2afe7e75f1f73ff3339e8a6b31f456616d43d59889a670510c553ebbbdf91551208b0f8541230eed2185be67313ebc151231abed643913de4dc080c4f3be914f006c33e046ec2e23312888df9961b6b9447a540d73bc6f217ad14abca33b406ddee95de3f2fffe6f20e3dca2c54770cc611e2b25e6eb1c9b0df74f2c3a7d6054f307ef47bd156714cbcd170a3571ce9ec71a848211520c4b92ce5f82dc0a0c91778acef5ba13d81d6ccb9fd3d88d7d182cedcf36681ee271b588596c75655e090de622d50abba6f9fb291a8c9a19cf25af712fca8d7743f9b704bfe0764fe4c82b56fca227a14368bdb55411e91d95aa6fbed79096219abadc4f53ff2ec82a4d58bfec8c665b72f5c491f9735f068031dabd46769b24773c5b0ef85bc564038a591594660f48b4a69e1071d31f16a2c468fb19c8e9a4a02b999debccf8a028a0414aee7752dcf07ce983ab85d9f68590db9d3ace5f9460607f62d5f59a1be8daa9bea194f1e0100b85992bcc1886d8e5ee7ded024316258686d0ae25e9f516db7ca9a695b763459be695450d3ebebdf10af0e2263d0b3413d4b833314019bf8f89713cecfe91bb5a52aa9098f3d3640c0cf39f300697068683c10ece8c82327082584cc252397c9d3d7c2101f6d8dd5fd9ad759406a6f217f25d01f92b0009628af58c6d168e75c4eb50a9e445258759c5b4d5f2a38a960df8f43aea154c9ee0600d79966306b2157dfe35ad68714a38231999e2fb3909a497908c229561486a77b9bb1e4ec1c5784e9064e4d2fcae7c54c595e064acc2d8489dce20879b1bf2322abe44cfaad621c4866ac0bd3bc93f0b7226f4d1c4db9109e43e228b282f6349485d3087361a7fcce8d825f218d6365e0e08a100e89032324d02171be77d67d5966a022a284d49d14ae52a4675b766ba07207af2b3fc8567a1330a1fe7083389bb7c2135cb6c501caaf50f54f2d1acfd8d482a4ad2050e9eaabb8074f7035f0ce6dde837554e3859fec331ac4be6448321309e9382389d8ad97bcdf8aeef02154d042059417053c92b3117e250d70bc4e99d66dff45f079a84224e0f7d4d6198013660ae45599c72bb568594ba583a67a8dbc86e7a11ddbd0823952eb95fdb94a1615a8b0af70dbd9ab18bd7ba9e69cdfe27ff18e16ed1123646daaa91e80983f88813434375cea124622dc8169f898609d9582dc342c1ebc7b9420180afad3b0d55136ddcc132aed7243fdf935e2f28640155370b587aaecc94c0772a60bc0e3801953c928e1bfe3d3af9a6f0a2f2785f016a45909029a98726f6b2e2e67c9f41a68fe453afde4d12497373d5a735efa15ea659921c68cf533250dfe590bdbdd0f3cb9f8df2a3fbf6cbb9b9caa4f9bbd8c11cf32b2e9a6b0d33c1f7ba5ea8ecaecc0ffd6137f98c77c83780d2c2d3c8fbfc6dbfd76822e41d431256f8b51381922c514e791fdd7fc27f9c1346fe23de940fee474835c77e6d7eb1995ab20693471a17983a47e7a3cff6b737dee07c38393be4df8d82419cc74cab892cd606a12cbd86e469ce59a2cd64ace2a822724bc78f60bb45082c4cbd61c6a564efc5c33031f58181b35e4bc8103', 1795818899000, 1798410899000, 'good', 0, 0, 1795819200826, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '1a21f2a658d87d66a2dd436f3aaf180ed21286e', 'sm2', 'sign', 'OLD1', 'c-issued', 'sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '测试证书 sm2', '213e51eacbe21ee528b0269e7be1c184ede7edddc528a194a311794b1004a27c', '\x30820204308201a9a003020102021401a21f2a658d87d66a2dd436f3aaf180ed21286e300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333530315a170d3236313232373232333530315a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d03420004e3f736e3bdad3ada07ec047a20e60a1277407d52dfd1fb44cf12f9a3737b1ae1ef32de11bddb2877711ba36230ef95a34e579566e618a551c3d632ec057bfbd9a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414e4d395620b60baac19402bc1af9e9e50856cf8d1301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750349003046022100ea85eae6e5ee3c8620d96773718d960e42f04c7f0b288f1ec31613f35cd8fff4022100a75832d9b4fc9aaef458c0177553d5c0354c62b3511ac97e6448018e0ee2e71f', NULL, 1795818901000, 1798410901000, 'good', 0, 0, 1795819202065, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a658d37c4be9ef49419425d1397a7b330', '1a21f2a658d37c4be9ef49419425d1397a7b330', 'sm2', 'enc', 'OLD1', 'c-issued', 'sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '测试证书 sm2', '0405d57fd727379438db24383320d7854010afd644397935927251d4e133a746', '\x30820203308201a9a003020102021401a21f2a658d37c4be9ef49419425d1397a7b330300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333530315a170d3236313232373232333530315a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d0342000428658ecd62ba65acedc074ba0da38dc8d5a054df02655016f1b1f431f756d29a0fb1569d8dc73b8f601164d99bba336423b16fe61eb188f179967c5775287335a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e0416041438087fddc11f44b0c070d468714c0e2a1e0f4ee4301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750348003045022100c40b14678e3ea8ef34d0cc1a6ae09e56771fe34768fc2f49e2b6b1e86291df210220049d50ab621afa037caa8cd1a707c3fd897bb96345e25d69e8e7662ef6a41d7a', '\x01731efc1257ecfe245c381b9100e3c675570f06b615ad70ce18860b16cf87072a994d9ac9db2dc3f046e94b9366f3b3cf10b0d3a03fd9657511091c1364745603e1ac9242', 1795818901000, 1798410901000, 'good', 0, 0, 1795819202065, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', '1a21f2a69eaf61836256eaa388adb5313ed0eae', 'sm2', 'sign', 'OLD1', 'c-issued', 'sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', '测试证书 sm2', 'e07d88d114de26637945b70c70d273d15e6a47d75edcf45423d396094c9d080e', '\x30820204308201a9a003020102021401a21f2a69eaf61836256eaa388adb5313ed0eae300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333530335a170d3237313232373232333530315a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d03420004ca320967d18ded73df4e2efd4590986c16964cce7b78905d23d51c984a6c46f5954e8eb5351c5a66aa7e83e5d4e2121f70edffecb4349cf8690cccdb583d9453a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414a6540778955ff24907991a921e7a7226f29e33ab301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750349003046022100c6a3b21723feb1e03950097af6a4756933227f9a62cab3db92e6523f65a6f123022100906b118faace408d1f8b006e1b57f9a57479870d5d8a2296cc9b42b15835a5b5', NULL, 1795818903000, 1829946901000, 'good', 0, 0, 1795819203080, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2a69ead3b373a969b3e51f97b09501a653', '1a21f2a69ead3b373a969b3e51f97b09501a653', 'sm2', 'enc', 'OLD1', 'c-issued', 'sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', '测试证书 sm2', 'eb9382b0efbf037e42fa4e75fa1263a680785c3772f3ac5eededad5b54679906', '\x30820204308201a9a003020102021401a21f2a69ead3b373a969b3e51f97b09501a653300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333530335a170d3237313232373232333530315a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a620736d323059301306072a8648ce3d020106082a811ccf5501822d0342000430448bf09a33daba89009649c412b9b3f09dbffcb706243aee6ba33db7513abfca46e419bfef5a6b857b09a28d859aaddae5845231348a20584720881fd775dea360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e04160414ea747512c200bd3f3fff06954d8b3cb645e3d09b301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750349003046022100a6eff33f304c7c2d66205d309eef5b9a4dc6f40efa4ee322d48b79f8b05a6d35022100b94897f1289a92bc150944d6075d0ad451bbafe95d730f46d5a894cb7c4b007e', '\x01731efc1257ecfe24d714e929542b9049322cf7326e033dc424fd9c8151f297c17173cee4ea421fc60c0c6ef50c1c58d77f95ff41a693c6252bc1bc688c4335b13d430a27', 1795818903000, 1829946901000, 'good', 0, 0, 1795819203080, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', 'rsa', 'sign', 'OLD1', 'c-done', 'rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '测试证书 rsa', '7a4ce6771afff1d9bee7d166b8967f989359ee70b30e1b31ee33d1a5cddeed6e', '\x3082038f30820277a003020102021401a21f2a7a26fb72309013bcb67f7fd5fb4357d3300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333530375a170d3237313232373232333530345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100e3cb3e928d6ed582334f35704d37243d9e51de3f5e87b69292ba191f4c27105940d8e07a7f02a7c688d940dff42142ea5a015a366288f42ae785d918b999e535b51f4d3b3d684906652aa7a906af7c69647643547d1db4c3938dd53a757add2e9ed6783480fefb6df35c670e1d5016a4266826c73b2277c06422891c89a6cc4f5de229bae7b7d164247ca1ea037431a62b37d94619b5034a489a5dc0a8dae692189d04a9c24e69a564912226d4f67165ab8ed16877287a507c7cca7a0eb65543fe0f5c162e65b37981287dc331461a9d9b40f18d450476eb6a70be945c02fae9c03b33e3a1c9c5de7c635ecdcdb2d6aec45c535a8984f6759eb05d58d6e905d70203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414c019eadc50271884b31403f328f6fc79d551c41d301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b050003820101006e7aa7a2c4824e029d1f4d94cf9285e0953aa932d09033cc6b578cc4e17db4468796d77da0880b9bb98a0dca41a0fd566be07a4dcc826e0305dacd468fec1c8ee834caf4bb3e6ae31d59492f16d2315572ada2c6c4d161cdf577191409f0008fdf82c318ced3e855f24c8ca3e6dec8e248f70a4add3abdfd70c754edb79650abbe1ac01909eec229fdf823baf0fbfee3cfae271c9b2c35104c10b9f9a9cbee6d50c8e8530d35dda2d5d6f17f767f5bcd1d27d0ae984f664cd2fee6b0df38bb3644e02e90b2c26c39ffc1b34f2e6f3b1de9d06369377132a753741f3f210e9b68298d13f0181fa88da50597d1e2667a8980dd02acc1837d1daadc55879973cd77', NULL, 1795818907000, 1829946904000, 'good', 0, 0, 1795819209454, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a7a263b03e3635580401feb634f35bd39', '1a21f2a7a263b03e3635580401feb634f35bd39', 'rsa', 'enc', 'OLD1', 'c-done', 'rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', '测试证书 rsa', 'a023db187a6511b7bb42f8965d0738fe7cb8ffd237d7c381072e81d46503d4f4', '\x3082038f30820277a003020102021401a21f2a7a263b03e3635580401feb634f35bd39300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333530375a170d3237313232373232333530345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a02820101009760e39926eb91cc273c38030cee271e93125c1fddcee7afb9d09ff0027142b2c43530363fe25a48361c5f9089c4c061cc32d8ac5cd46e939d21cf8dcc209acd4435e49b36cb3ba695a1b002e498259fd8d302bc5210f1dc70ec61af51e8af6f720156f48752479c0614349005994d4fb1616de8fd1af63018da2a1b9fb51f93022b4d745ea061f351737930c5b526fc95e125f45c42626e5f4cbcba9a47361849af9536a8ea1a2fbb2b2ac7c84faf20447e252ca8b871db2f80f27fc7f71c663ebaa462eae1834adf9e4c746d5ddce9579c70fec35173dbf2259cc43d3f1104e6a1bd104490adbfb75fd7c9615659e24b2e9e3e48d7d329f1abacad6f5c4a890203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e041604140f4962b8800de75dfb91f2cbfb3bef839500efdc301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b050003820101006947521714e10d212fefd384d113012c7aab7b3397c51c8e8810a8d03683012d63e0098d9a9a516f239caffd2d943cb9b96f19248348fc4293008614b568ef4a303f1c446ed73154ed8b525aaa0555f143d72818f3cc19e398c2ebea06a129b1af4aaf7edab6aa0bdd6b7e28f3f1f537ea79d058121c086eab57022c40b9911b7e4659ee037f68d841f2bcefc98cba9945676afb60f8785c9310ae7d4ace6e9e1e4a1c6f179f598fe6dd19f42859bed71c5ce0ca2c257b79cd262fcdc41aa6c99991df7dc09268753433adb2afcce10d1d4829c7576b2d8bf22dec38e0c1353d85c7d29e325467e4559486191b975cb9b00d8a87301f97db9b425f03fea4e18c', '\x01731efc1257ecfe24f1a56a4d4d2896770dbeb333c3457ca6a6a2cdf54922cd59f0f7eaef408d268d9e4937688f462ded823efdde58d470569b05c2897a60da2723a3bbf8f9274790c63c55db9f02ea4b6bf77436ac33ce31629e57b889d865b4fb549cd3332200b7d10d59beffa6acd3c94712896d7b89c61fc8c868e87f99c3e3882b5f475e9e68412dc405960de2c0c46cc19f0044334003b85eb85c2b27c89d7ac3e35846c769553058f4f24a27ee9d48ec7426e3a2958330f97bf54b5e9a84954645747f26c5ed90ba91c0800975618eca5c452ac4900173ddbe5f5d154ad032ae02d9ac47447f38a9c0e40fc85907aef65faabdf9f3e87626c8b3dace48a8ea65377fa81cccfdbe92ca8c889ef7b45711efa7c9ba8c8d32c73c91fb2e7dd34f087b8dbb50e3cb6f21f4b56039e71570865b4c28e155b59eebdb0651ad5177b22b578626ce5bc073bd5b163bf6432e412f527e81292ad2aa0bfe827c3f883d3ce0cd949a9404be42c83d7a8520c196422d65dcd9ce23cb87ced30e80f2fdf6f3d10f03cca962377fb7d49783591ab5ba585dd35e9e0719ae499a776293627bfda7691a7441cd206e51baf3e8729faf4302b8bc3e0f2685037d203b149e84041a0d89f5eacba7625a6ba63b515267d05115c2d5258718abbe618cda9bdcb8a9d99a6f219fd75e1f1e2d71e2cad6e5ac3b868154d6a7cd1763ac3992fd0f663508dfd213e755e420a82f5a68a41cd4e6bf5acd3b1143a35901d8dffa97e5afb8a809dbc06fad7f358c38b29ad3bd94a9170e947b6922365a745394ea5cb45adeb83a8b1d8da4f4e05174f7cdf2b3678fae8ef04204b5a61a8533dff3a3635703a43dea7fb172992fbb76878161cc1edc4de7b979444bd3389a81796070f1033c8dc0db58fdf28a40983a84f100329afcf185ae845983e35e3d6db8260de185cb784539e095046d90697d59353a3c89c7c86d6beec999f2b85090b03836925aedc35cb7d4dcf1c60365cf2c69d831672698c2c6800a03d2bbc63bb28be1ec4d67af27a6ee0fda1326058ce88cc041935dec3f6121a5f95afe62d5a6e2acef6b614d34a30a4eb0210a24ee79e9d45c690565117a607be8a7b35fd4bb9cd55d8cdd8f0517c6aa1cca50c1ed83e2c85c57d8ec73ffc62ef77d3e25dd5f2f3d5fa61376e41a1abf6ec2fb2540fe7f84b0a1456062a2cd97a59481cadfe22a4d277d78db3c0156eca0789482fd332c82f0b38c40a20871b9d738c5dd87ad8e5701526cb559c44d63251ebf640e8d72c3aa091400885c37f7acbd126ab63430b5647845cc25ade4140c07959649a0fe5430fe99e9b35776cb9ede2d7df96dae84ac2e3c245f4b2d6e1a6b8f4e1bcedcb6be7e36633fad952ac997e76ddefce0710fa1a8cda97a3736f7c272f99c6d16583a1c0cfa1666c65b8c12f17ce0941dac7855d682a51d1f346ef6523088e482e56def82f2ff9d4e5908ae733045e6cacfb01c9a7e6a0f2ca4013f7683ecf544250e309cd808d0d0aea3b3901a481412e7f9f4703de83716148827df1874cbceb19f51cee675cc778da580661a061bab6f8ea54421fb84d9ca6554a8cb104c035c1bd34550e6b1b2b8019fbed7de5fa38e025f8ab5b96d7511a50e3f8e8a5470d7c26d6fc6c560c90b161f2ae2afb38f5fb5785f9d450b34fc80ae881a13b98001abc894afd975bb115bbebdbb1a24f35b576797f1bc8842a25a2ddef33b', 1795818907000, 1829946904000, 'good', 0, 0, 1795819209454, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'rsa', 'sign', 'OLD1', 'c-done', 'rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '测试证书 rsa', '752760def4f0daba40d8225014e04fcfc56c0c1450c3beb038d62ae44e1db815', '\x3082038f30820277a003020102021401a21f2a6e7df8e4bd2ac70c6bbc679e2751936f300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333530345a170d3236313232373232333530345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100f2d8c2b078ecece09e377b87acf880f2875c4c9b6f7035f5917c69f6dea46a0f3d9d3dae8426d96c3883d0b5b6fbc4d0bb12f4cae48b6545b9c8d1b6b44f9e9591aa4badfb8277f41630f97af66867f35896751cac80218fc5c3211c48acab8e8b7141492ba01184444a05d96ad1334f21abb88616d606abd27775102e1bc5ff4ec2d32fc26150674933943478a8db7a2cd628dde338f1c1241666ed5751c61d19359937b5832909f8b77362b703c2ab69bccab993d40122726774de48910144a4979ef0f9ab0ab8613d7964e2b1a85d03a2ccd6c9a612d5bf5e37b2b74b498824ad8dbd06fe66d10d0d1f716b94f153e27fff832e772d63e78df31af7f304c70203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414513db5431ad81e44f4f191cf83422a7488f0ba6b301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b0500038201010065a02fe59392f5853e9ea773a8a84ab39ecf237cc12ac8171e718e184485a517884bbf6b0c8068a1ae6dd29832cae728603505369ccedde58a197a24e7aaaea831925d78c736478e7410b6c74daae7372d522f56efb6da64c6a17d612b5806c4b72653a84db25e554ecf878befa53e2a07aded152af30ede2805104c7f8e3bfedb3f6762e6bfdb027f7964855d55adb65876d34ba2058fb80540babe8f7fccecba8f478d95f366386334c883eb2e01fd84199934f4acb7df40bc36a3890720a352aec8211e4cd66087144f0828908297ef56b725080d1ca8109a64ead6e385eade92b9090b909dae5f6b551f83fc4cf5a21c7ba24b3e405a528f7ab01cf4535f', NULL, 1795818904000, 1798410904000, 'revoked', 1795819210077, 4, 1795819205936, NULL);
INSERT INTO public.certificates VALUES ('rsa:1a21f2a6e7d651ef3a31bf3afabc4c4a04546b7', '1a21f2a6e7d651ef3a31bf3afabc4c4a04546b7', 'rsa', 'enc', 'OLD1', 'c-done', 'rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '测试证书 rsa', '4e8ae2fb1c3b9a41d1025e298bc667c442c73371a65fa093eb2735e1ef8a5929', '\x3082038f30820277a003020102021401a21f2a6e7d651ef3a31bf3afabc4c4a04546b7300d06092a864886f70d01010b05003056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a4341205253412049737375696e67204341301e170d3236313132373232333530345a170d3236313232373232333530345a304b310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83119301706035504030c10e6b58be8af95e8af81e4b9a62072736130820122300d06092a864886f70d01010105000382010f003082010a0282010100eac3199cab0e488a1e06c597048e820e58e854cb90cec7b17c6dcbaacefe60defc53b80f2fd7cd21297439d8e2bd417d04c5ae707415e4544e852852a44d91e6ff48e1951fb13eba372420c2d5637d7651b2c5644e5bec9c63893e0067c83c41744ef027bf2dc9e46f6edcb49889887a25be1b2ca6462ed2dde40d778452e497d8c1f76ee08e85fac1175cfb49549dd99d62a498ee8c978f0ed61b636570bc022e23b9796396d03439db4c59c59c01aeabcce773def663869f8b11156a42eac13e86e5475ca67ac7e6941e9060103e4100e978b12989dcf1c97f3a0807fe2e71c975e0b36a9db9c6b29beb205d3592da5733dc62f95fc4474a6d3ff04c236e2f0203010001a360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020430301d0603551d0e0416041404d17b0a509e1efa3d0727390a5b05248c2a923d301f0603551d23041830168014529b8cd7d9a314452bc5b1bdfee93ff8d1d2aeb6300d06092a864886f70d01010b050003820101003ab046098da66a530a94f357f6b222ba81a5f2893343c267d084d6396cb1152a30f293e7f3910dcd6c707a062d87223d2f4035054cac04a867d8d483e2ec63a2775d9e1383a2726fedd97a9bc212ca13cbf0f07ae9f7f5d3c9b2ee3aca5fa36b53803d3d41024e5ea520142bd29a02f42c60ce31572d7f9da4ff364c044a29c5fc7276be01da387fadee33a9bccb305100f44277baa2d71ce0b5cb8d39155cf68dbb4b2fe8d47d4c6c455fd5070088e4108342c00c25d74b14d5fc666fc777f893a7ed5d866cf8534329eb53b21d150efaaa39742dfb28489bd56000fa153450740d3f9336a05f12811786af6f549288fe5032b4a27b9162aea6bd4e9a8f04b6', '\x01731efc1257ecfe2442069311334c4467336421ed5a35885466f927d761b53ff136a067e4f1c4f5baa6ccfb1ddbc8bd72408d4f67b22619318295c03afb96f3e3f609bf941441bbf6212bcf7f6dc8d82c5ea899c919a55ad7484e23376a13589f2806acb6325153489477e844e09b96c69b1dca42551972b021494fad86b059a19d789f39546157c5c7f3342080dfed95844ed4804f600241bb03bf7a31ae85e8c43649417bfd1e6a7d2f7d24d33f6c8cdef727f254b3c4220621ca0cba599d699ece87eaffed041603f94d0369e8391fb405e42f4858a387402fba2e33c132ee34749b4e1a91967638a4827bae7541f5664f15e1f5b4ff2a3c35196cc9cea4aeed58bc2f2370bd05051d6f06ea81ebb9607ac85ef52aa89af75a5524b988edae3e5e50c4349eb2ba8e85174cc4ea08b7c19886ce03e5c0714278fda28cde412e97d35bcf475d486a1e3115385e3535e132427327171196a9b7f11309b4b4cb52c6344b189192b9e84cfd673167deba4cfd714a53d0097b6a80bff8d3a5dca37908db5557ce07efd9081fdb5ec011bb3f880b071c325df2fd9d3cc8cd3e894456874adda82f0653ebce1a0d4f44f8577c08c3505c919fe55ad11fc13073ae93bf39bf09b08fba4b57e3e5c9b3b5c31e7db20c562bbc9bdb6ea424eddc405270c1b401fc572decf31524290ace717939455d43403a286ccd286c7245ff340eb6e5cd9d7aea8a101e35cd0af383e466162dc49e87bdda246dd73b23e37aba3d48a0d7db8505d8b397b2acb224c140f54cdf1e6e2317ab9fc5266c574328d1c512060ab7a4980c628dd7635c2d1a35f2bc52479bef1ce04df97f666767043985200c375078be050f1871521441f8749ac51aa342d2ee2511924e30d4e0eb7878464d3ebb630027a834e1577b68903dd3f1d72ffc56bb7c2ba12f83821b6b932388c4017e14248ae8a0482bf4413ae56f6e1533350c68207fdb03714cc71c7544cb14871e19eb61b37378c336c6b00c164838a1a2d5e7a792270a4e05817982085f661ac4a18befa69dbe89fdfc9f973814f4a964feb15ffeba6d8655145c9cb891307c9c2518cb2892df30ff38e153325c80fe1b674cb8eac12133fa75928d3707dfd50d1831fe5a5148e7be1e8aee3c95e433ce981a49e570a2de311f73aebfef4b9072da2e81710bc67e98fc073ef5f45f333b5d4979a1e6fdaee8b4d67836743aa27cae10db22c7fc1721e6a97635dcc91ae5da7d550d1ae1a2bdbe7ab4ab7222bb84e5e4cd953970e7e1cfcdea39fefebf8aa1b68cd0f9226903815d30829ab5e079d523e2a45629c5db644408e3113ae25365ac69a0fe0eb5293f82f8d24af0a63d4750e0867ea01d30f9bcad81e6d68b10fce1a90c2f8cbac3205726d6e6aa8bf291885a4663a5b20e27b246ca46623e5e2b499183db4fb76d884d2f2992f5cf7fd22d962c8832cc3c32ef3047d9494b67bf1cb864c35fcf75a92d4442d1ae617ab537569484da7bc62d6939015c4f410beac92bf07ae2c6e5280df8791a7c7efdabda2922ea8151a895c21302db89409e1cbff57606567d3f77789617be7fc7b342d0f8d9d8e3c2747404156d4b8fc76b3e7e5826143e25f09700b1e6cfb7db36982e96c992236958045bef3b91f7a19f3090ab7375612fbceb0da0a04b9f499b1e1e647c9d7532b648a9dd42cecc8f5fe37ed1df9f9e3bee6d303365893cb666978bb0acbffec4b3', 1795818904000, 1798410904000, 'revoked', 1795819210077, 4, 1795819205936, NULL);
INSERT INTO public.certificates VALUES ('sm2:1a21f2aa37dfc6f058573796d2d092b736951be', '1a21f2aa37dfc6f058573796d2d092b736951be', 'sm2', 'sign', 'OLDNEW1', 'UserKey', 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', '示例科技有限公司', '6df74a453fa2e64f972d818bc07518ee4b27e8de4692cb20e5bccf97e1a3a94b', '\x3082020b308201b1a003020102021401a21f2aa37dfc6f058573796d2d092b736951be300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333531375a170d3237313132373232343031375a3053310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83121301f06035504030c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83059301306072a8648ce3d020106082a811ccf5501822d03420004c7898d4ad8b9354de9cc4067db49ef67d98f9ba541e2c826cd47d144b175a97f90c17a81c94050bb059c9ae68f3fbfc35dd0905e32571fd34575351b2648b38ea360305e300c0603551d130101ff04023000300e0603551d0f0101ff0404030206c0301d0603551d0e04160414fb7ad9de8375f3c9c9f8617a7adf51a957f00b21301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf550183750348003045022043798b72b22837559f31910e33c4ebd8030d1bea5b644a96549894baea4358b1022100e1b287df57f14c14a7be36aab9dea1c945e9411c517beca2e3e6e76ea2d7a045', NULL, 1795818917000, 1827355217000, 'good', 0, 0, 1795819217797, '\x01731efc1257ecfe2488557819c6474fbd57184495c965193bd080b3e8cb3acde33f00a7e787bcb0047bb0d12e8d539691e034a045cdd1');
INSERT INTO public.certificates VALUES ('sm2:1a21f2aa37dc6cdd2395ad1ef453c660dde2bf4', '1a21f2aa37dc6cdd2395ad1ef453c660dde2bf4', 'sm2', 'enc', 'OLDNEW1', 'UserKey', 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', '示例科技有限公司', 'f627740cdcf3295390968b8fb1c39376600370a87d20b8d5d614ba7c1b40bfe0', '\x3082020b308201b1a003020102021401a21f2aa37dc6cdd2395ad1ef453c660dde2bf4300a06082a811ccf550183753056310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be8af81e4b9a6e8aea4e8af81e69cbae69e843124302206035504030c1b4578616d706c6520424a434120534d322049737375696e67204341301e170d3236313132373232333531375a170d3237313132373232343031375a3053310b300906035504061302434e3121301f060355040a0c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83121301f06035504030c18e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb83059301306072a8648ce3d020106082a811ccf5501822d034200049944f01d0e60efb9cdea4b0637f5db55d3791c1ecbe5aea30b21a82b3e809a2cb6699cb1e966c7504c35c5acd8f547c80fa5aa7591ef1f5fc2f96631a80813bda360305e300c0603551d130101ff04023000300e0603551d0f0101ff040403020338301d0603551d0e04160414f9cdd300366c3a6911e941ca2dbe01217e2c672a301f0603551d230418301680145e9a2b8bf997774e477acfc103069bd8b0b3562f300a06082a811ccf55018375034800304502203bfbe36c9d3979470d63149b9b3ece7ae0c0af418c1ced7650dd0b8c0b43b75102210090f265848822a862ef769d1a20aff3762b1876b545cb2cd65a5dd4d22f00df96', '\x01731efc1257ecfe2475cb306601ed91e875b9ab7885c28541aae4b8d9b318ddbbc85863142e5d6e8fab616cafa3dffbe64a1b9305342dcb10158c762575315c8a9db89887', 1795818917000, 1827355217000, 'good', 0, 0, 1795819217797, NULL);


--
-- Data for Name: codes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.codes VALUES ('01M8FJN4Z7M7PC1HS7DETFP8MH', 'customer', '0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', NULL, '\xb2bae0d0ba3fb08c08e96da26f850bd2d23dbe883044fa2f449c7af0efc3f59b', 5, 'used', 1795819213789, 1795819813789);
INSERT INTO public.codes VALUES ('01M8FJN5X3N9W6EFW0ZG2F526H', 'verify', '01M8FJN58VCN9AVP3RCTTE3EVS', NULL, '\x430be62fbcf2adba8728e2e57a561c8391ed904854c7ec163943e48ddbbb9e6a', 5, 'used', 1795819214755, 1795819814755);
INSERT INTO public.codes VALUES ('01M8FJN6J9HW1KR449GW0JP83W', 'sign', '01M8FJN58VCN9AVP3RCTTE3EVS', NULL, '\xe4bc238de5c61287941c99964c605ab3c2f77f83a96bc1af07c366aee7828e5e', 5, 'used', 1795819215430, 1795819815430);
INSERT INTO public.codes VALUES ('01M8FJNAGHPC06P25M6QVRDSW7', 'verify', '01M8FJNAACH6HPP4YM5DS7XNFN', NULL, '\xf9d02ebb96101e87310941575e464e83f6f76c90636c9f58022c5950a5a4cc63', 5, 'used', 1795819219472, 1795819819472);
INSERT INTO public.codes VALUES ('01M8FJNB3QHE5STGXDF2YDRZQS', 'sign', '01M8FJNAACH6HPP4YM5DS7XNFN', NULL, '\xec1102dbab9f7a458d800c06158d02736d83b101b9db050dcb008cd1b9b10d76', 5, 'used', 1795819220085, 1795819820085);
INSERT INTO public.codes VALUES ('01M8FJNBVCQSXFFSBPG2XQ28H7', 'verify', '01M8FJNBS6P34SRA63BVXCQY6C', NULL, '\xdde9e6ab3447f01cf82e7ed3fe59a9485699ba14aa908ef262d95071e8fed8fc', 5, 'void', 1795819220826, 1796078420826);
INSERT INTO public.codes VALUES ('01M8FJNBWMGQKWHR8755A48Y8M', 'verify', '01M8FJNBS6P34SRA63BVXCQY6C', NULL, '\xcf39692b267cf00adcb0863f99adeb4522b9a87e4b7d1164754947802913f4a4', 5, 'open', 1795819220883, 1795819820883);


--
-- Data for Name: crls; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customer_sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.customer_sessions VALUES ('cd6d6faa425fe5b2eb53b8ef53c234c0b817d65521dc2b24c55e314419f15013', '91110108MA0123456G', '\x01731efc1257ecfe245a6dd2d4afcf9199ec7fe192a690637a3e6ff40fc9c76d1b1706c97357a275bfd93ecd45e79c50', 1795819214086, 1795822814086);


--
-- Data for Name: device_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.device_keys VALUES ('OLDNEW1', '\x01731efc1257ecfe2413b740ed55d086f125dd149ad13045738d6f5524bcd478eaef77812381a6c79db6e0c5cf4d154fa1febd91e6', 1, 1795819217650);


--
-- Data for Name: documents; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'licence', 'b39cb31dba2c19fcbf6fcf3af96614c4ae9f9e01bce3decc188d18bafe0d2d6b', 1795819215041);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'operator-id-front', '1dba594deed819d8a0c275cd6525a43072a490113ba704fa51104e41762056c8', 1795819215106);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'operator-id-back', 'e7782de758f7cf18ce64858ee055fbdbb6b7610cfbfec5b03e5cc94fa71fb8cb', 1795819215281);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'seal-sheet', '9fa4db8ecf3bdd28bef60ec1e53f448ff5427762b47d02bb97b9d55ff9156955', 1795819215377);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'invoice-pdf', 'd836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad', 1795819219126);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'invoice-ofd', '3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74', 1795819219130);
INSERT INTO public.documents VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'invoice-xml', '27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f', 1795819219139);
INSERT INTO public.documents VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'licence', '9683e0ca0b44bb4e061e2322c9f5519f065976e2089565031d760dc5e029a32e', 1795819219741);
INSERT INTO public.documents VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'operator-id-front', '5aab58851f3bc7526e2c4e5af8678098aeaf50883a4f3669232d965a05dea645', 1795819219824);
INSERT INTO public.documents VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'operator-id-back', '8241cb87cc4c408c1ea94ac8fb1344421b59d76827125b9a164b02969169d945', 1795819219931);
INSERT INTO public.documents VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'seal-sheet', '9413f515406cc7efc38a9dd9a602256217c23f52ae322ffbe6d536812f722bec', 1795819219979);


--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency VALUES ('POST /v1/unlock-requests ', '0156243a-64d6-48e6-891d-a5fde916ed67', '\x4b0fb3e526b0e8e627957431f89eb10fa8772470032e3e61728d9b7d147b36fc', 'done', 1795819253988, 202, 'application/json', '\x7b226964223a2230314d38464a4d48505038533736504d434b4a4b354a304a4357222c22657870697265735f6174223a313739353831393739333938382c22636f64655f6174223a313739353831393139333938387d', 1795905593988);
INSERT INTO public.idempotency VALUES ('POST /v1/unlock-requests ', 'f69d72b4-fe2c-4311-802c-ba3e43067b1d', '\x825b3a59428119bddd5c4c503a89fb51290cd9d4f75e6138114c7b72f4147ea4', 'done', 1795819254765, 202, 'application/json', '\x7b226964223a2230314d38464a4d4a454459414144535a54463442563036595851222c22657870697265735f6174223a313739353831393739343736352c22636f64655f6174223a313739353831393139343736357d', 1795905594765);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', '20287a6a-5c35-48fb-9c9a-03e116dbdeda', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795819257579, 201, 'application/json', '\x7b226964223a2230314d38464a4d4e35444b425052535a38315831375246395a38222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d7761697473222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353831393139373538332c22657870697265735f6174223a313739353930353539373538332c226f6c645f6e6f745f6166746572223a313739383431303839363030302c226e65775f6e6f745f6166746572223a313832393934363839363030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795905597579);
INSERT INTO public.idempotency VALUES ('POST /v1/orders sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', '93458386-14d6-47eb-96a1-d7711ec0cd36', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795819258157, 201, 'application/json', '\x7b226964223a2230314d38464a4d4e504d32304b375a4b34594a36464852465830222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d63616e63656c6c6564222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393139383136302c22657870697265735f6174223a313739353930353539383136302c226f6c645f6e6f745f6166746572223a313739383431303839373030302c226e65775f6e6f745f6166746572223a313832393934363839373030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795905598157);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', 'eb087e01-388e-4a97-ae8f-99f174de768d', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795819260969, 201, 'application/json', '\x7b226964223a2230314d38464a4d52464d3031464e4848464d5731503935394354222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d70616964222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353831393230313030312c22657870697265735f6174223a313739353930353630313030312c226f6c645f6e6f745f6166746572223a313739383431303839393030302c226e65775f6e6f745f6166746572223a313832393934363839393030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795905600969);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJMRFM01FNHHFMW1P959CT/payment rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', 'd8b2a1a6-4b79-4b14-8628-2f04edd2334c', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795819261059, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3834323361646464633339626266613039356430383366646262613134313764222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795905601059);
INSERT INTO public.idempotency VALUES ('POST /v1/orders sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '6fe6da44-a72a-4977-9849-7e2002e84fd9', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795819262357, 201, 'application/json', '\x7b226964223a2230314d38464a4d5354595644353242423933545a4b4850594556222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d697373756564222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393230323338312c22657870697265735f6174223a313739353930353630323338312c226f6c645f6e6f745f6166746572223a313739383431303930313030302c226e65775f6e6f745f6166746572223a313832393934363930313030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795905602357);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJMSTYVD52BB93TZKHPYEV/payment sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', 'c4949ee2-7fd0-4d9a-8eb5-d1ae4e8f5590', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795819262535, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3636656437363231363161653738326133613065646235303930306461313363222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795905602535);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJMSTYVD52BB93TZKHPYEV/certificates sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', '796a8496-150f-489b-b643-940e494910f3', '\xd78a5df2cbe211064bfa46dbee7c3f6259896e99c22d444be9f1af5d18f91b69', 'done', 1795819263045, 200, 'application/json', NULL, 1795905603045);
INSERT INTO public.idempotency VALUES ('POST /v1/orders rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '66a68bfc-3d8d-4244-a3a4-2278435d5dea', '\x6351cd6967eea778178fde8a4935e1a7e82db4efd8df1cf8e5e7791762fcd654', 'done', 1795819266215, 201, 'application/json', '\x7b226964223a2230314d38464a4d584a434331304b4e33394a5244373652313835222c2274797065223a2272656e6577616c222c227374617465223a2241574149545f504159222c2276657273696f6e223a312c22616d6f756e745f66656e223a31393030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22632d646f6e65222c22616c676f726974686d223a22727361222c22637265617465645f6174223a313739353831393230363231382c22657870697265735f6174223a313739353930353630363231382c226f6c645f6e6f745f6166746572223a313739383431303930343030302c226e65775f6e6f745f6166746572223a313832393934363930343030302c226e657874223a5b22706179222c2263616e63656c225d7d', 1795905606215);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJMXJCC10KN39JRD76R185/payment rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'b1e233d8-0f3d-4f35-a8b5-c7642abacc31', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795819266249, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3464373035663462393262353137636337343935656531613666613334633861222c22616d6f756e745f66656e223a31393030302c227374617465223a2241574149545f504159227d', 1795905606249);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJMXJCC10KN39JRD76R185/certificates rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', '6517f85e-c5c2-427f-ae75-8d51047bf3fd', '\xf47f965b93a26989a733f0c3d11e6643baafd81fc86b08b0c8ba1d99caee982e', 'done', 1795819267185, 200, 'application/json', NULL, 1795905607185);
INSERT INTO public.idempotency VALUES ('POST /v1/customer-codes ', '1ba3e075-4dea-4910-9c57-3f502b861b07', '\xeee39c353c3e609b184ec060bfcca394f7546d6473986f37da9ec32f11a07507', 'done', 1795819273789, 202, 'application/json', '\x7b226964223a2230314d38464a4e345a374d375043314853374445544650384d48222c22657870697265735f6174223a313739353831393831333738397d', 1795905613789);
INSERT INTO public.idempotency VALUES ('POST /v1/orders 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '389cd9cb-350b-4dc7-92e8-82826e61c240', '\x3ab480de76213550b705225ca6a7c6d025553dcbfedbd5ec97b7e874b86075a1', 'done', 1795819274099, 201, 'application/json', '\x7b226964223a2230314d38464a4e353856434e3941565033524354544533455653222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231343039392c22657870697265735f6174223a313739383431313231343039392c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d7d', 1795905614099);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJN58VCN9AVP3RCTTE3EVS/verification 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '4a0fe8c3-85a9-43ba-85e3-a3803b8ec051', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795819274718, 202, 'application/json', '\x7b226964223a2230314d38464a4e353856434e3941565033524354544533455653222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231343039392c22657870697265735f6174223a313739383431313231343039392c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353930353631343731387d7d', 1795905614718);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJN58VCN9AVP3RCTTE3EVS/payment 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '8adf646a-cea5-4b31-938b-daacc7cd404a', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795819275643, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3338633938373763363137313962613333323831633733623634323465326638222c22616d6f756e745f66656e223a32343030302c227374617465223a2241574149545f504159227d', 1795905615643);
INSERT INTO public.idempotency VALUES ('POST /v1/production/01M8FJN58VCN9AVP3RCTTE3EVS/handover staff:petra', '7cb0ba0ca18a3f99fe7a59348ab28d15', '\x854bfa6146dcecf0d57f22f1e843be0e141b642e146d52a7a4c84e390b830ade', 'done', 1795819278012, 200, 'application/json', '\x7b226f72646572223a2230314d38464a4e353856434e3941565033524354544533455653222c227374617465223a22444f4e45222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c226f72675f636f6465223a2239313131303130384d413031323334353647222c22616c676f726974686d223a22736d32222c22636f6e7461696e6572223a22557365724b6579222c226170706c69636174696f6e223a22424a43412d4170706c69636174696f6e222c226c6162656c223a22424a43412d557365724b6579222c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73222c22637265617465645f6174223a313739353831393231343039392c226b6579223a7b2273657269616c223a224f4c444e455731222c227374617465223a226d616465222c226469616c656374223a22676d7430303137222c227368617065223a22646972656374222c22626567756e5f6174223a313739353831393231373635302c22626567756e5f6279223a2273746166663a7065747261222c2263657274696669636174655f73657269616c223a22316132316632616133376466633666303538353733373936643264303932623733363935316265222c226d6164655f6174223a313739353831393231373837332c2270696e5f73656e745f6174223a313739353831393231383030302c22676976656e5f6174223a313739353831393231383031322c22676976656e5f6279223a2273746166663a7065747261227d7d', 1795905618012);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJN58VCN9AVP3RCTTE3EVS/signature 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '887091d2-aaac-407e-b2a9-2b0e29aaa863', '\x796ede9fe139f01e023f898ce696705052bacd714c020b04fdc0becfe15ac429', 'done', 1795819275430, 202, 'application/json', '\x7b226964223a2230314d38464a4e353856434e3941565033524354544533455653222c2274797065223a226e6577222c227374617465223a2255504c4f41444544222c2276657273696f6e223a382c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231343039392c22657870697265735f6174223a313739383431313231343039392c226e657874223a5b2275706c6f6164222c227369676e222c22656e7465722d636f6465222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a227069636b2d7570222c2270696e5f776179223a22736d73227d2c227369676e6174757265223a7b22776179223a2270686f6e65222c227374617465223a2273656e74222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353831393831353433307d2c22646f63756d656e7473223a5b7b226b696e64223a226c6963656e6365222c2274797065223a22696d6167652f706e67222c2273697a65223a3132302c2275706c6f616465645f6174223a313739353831393231353034317d2c7b226b696e64223a226f70657261746f722d69642d6261636b222c2274797065223a22696d6167652f706e67222c2273697a65223a3132392c2275706c6f616465645f6174223a313739353831393231353238317d2c7b226b696e64223a226f70657261746f722d69642d66726f6e74222c2274797065223a22696d6167652f706e67222c2273697a65223a3133302c2275706c6f616465645f6174223a313739353831393231353130367d2c7b226b696e64223a227365616c2d7368656574222c2274797065223a22696d6167652f706e67222c2273697a65223a3132332c2275706c6f616465645f6174223a313739353831393231353337377d5d7d', 1795905615430);
INSERT INTO public.idempotency VALUES ('POST /v1/production/01M8FJN58VCN9AVP3RCTTE3EVS/certificates staff:petra', 'f9570c09ae01cbb192b72b7bbcefdc2e', '\xc1e752340c3e5ca0cab23f1a413f40195436792da0d26bdcd495c9a8e7173d38', 'done', 1795819277782, 200, 'application/json', NULL, 1795905617782);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJNBS6P34SRA63BVXCQY6C/verification 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', 'f45e0a7a-cb91-4de4-bfcd-4ab7d76213f3', '\x0463c924b320fb12ac4637b9ef2752819a59e2af24386ee9ddea3dbb60f00600', 'done', 1795819280826, 202, 'application/json', '\x7b226964223a2230314d38464a4e42533650333453524136334256584351593643222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393232303737322c22657870697265735f6174223a313739383431313232303737322c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a227472616e73666572222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739363037383432303832367d7d', 1795905620826);
INSERT INTO public.idempotency VALUES ('POST /v1/orders 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '865ae97d-5f5b-4925-9c83-eda96ce568b9', '\x3235abfd416451f4b226d39e9bd6e404d7d256b3f1be10c657350354c5fb288c', 'done', 1795819279274, 201, 'application/json', '\x7b226964223a2230314d38464a4e414143483648505034594d35445337584e464e222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231393237342c22657870697265735f6174223a313739383431313231393237342c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d7d', 1795905619274);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJNAACH6HPP4YM5DS7XNFN/verification 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', 'cc16c4cd-93ca-4cc7-9e44-00303fdc1e21', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795819279458, 202, 'application/json', '\x7b226964223a2230314d38464a4e414143483648505034594d35445337584e464e222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231393237342c22657870697265735f6174223a313739383431313231393237342c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353930353631393435387d7d', 1795905619458);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJNAACH6HPP4YM5DS7XNFN/signature 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '428158a6-4fb2-4858-9fe8-17dee84aff10', '\x796ede9fe139f01e023f898ce696705052bacd714c020b04fdc0becfe15ac429', 'done', 1795819280085, 202, 'application/json', '\x7b226964223a2230314d38464a4e414143483648505034594d35445337584e464e222c2274797065223a226e6577222c227374617465223a2255504c4f41444544222c2276657273696f6e223a382c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393231393237342c22657870697265735f6174223a313739383431313231393237342c226e657874223a5b2275706c6f6164222c227369676e222c22656e7465722d636f6465222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c227369676e6174757265223a7b22776179223a2270686f6e65222c227374617465223a2273656e74222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353831393832303038357d2c22646f63756d656e7473223a5b7b226b696e64223a226c6963656e6365222c2274797065223a22696d6167652f706e67222c2273697a65223a3132302c2275706c6f616465645f6174223a313739353831393231393734317d2c7b226b696e64223a226f70657261746f722d69642d6261636b222c2274797065223a22696d6167652f706e67222c2273697a65223a3132392c2275706c6f616465645f6174223a313739353831393231393933317d2c7b226b696e64223a226f70657261746f722d69642d66726f6e74222c2274797065223a22696d6167652f706e67222c2273697a65223a3133302c2275706c6f616465645f6174223a313739353831393231393832347d2c7b226b696e64223a227365616c2d7368656574222c2274797065223a22696d6167652f706e67222c2273697a65223a3132332c2275706c6f616465645f6174223a313739353831393231393937397d5d7d', 1795905620085);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJNAACH6HPP4YM5DS7XNFN/payment 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '96b47786-28d0-4b6d-83e1-04b20e19e80d', '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b', 'done', 1795819280255, 200, 'application/json', '\x7b2271725f636f6465223a2268747470733a2f2f71722e616c697061792e636f6d2f73696d3233356333353430613037636265663236356165656463613236623239626331222c22616d6f756e745f66656e223a32343030302c227374617465223a2241574149545f504159227d', 1795905620255);
INSERT INTO public.idempotency VALUES ('POST /v1/orders 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '4e6fda3b-7a79-421b-ad02-307d50683a30', '\x3235abfd416451f4b226d39e9bd6e404d7d256b3f1be10c657350354c5fb288c', 'done', 1795819280772, 201, 'application/json', '\x7b226964223a2230314d38464a4e42533650333453524136334256584351593643222c2274797065223a226e6577222c227374617465223a224452414654222c2276657273696f6e223a312c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393232303737322c22657870697265735f6174223a313739383431313232303737322c226e657874223a5b2265646974222c22766572696679222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d7d', 1795905620772);
INSERT INTO public.idempotency VALUES ('POST /v1/orders/01M8FJNBS6P34SRA63BVXCQY6C/verification 0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0', '0cbbb436-c6a5-44ae-8bb7-c58f034742d2', '\xa7efc92bb696e713db062363efbf9e74fcba445d8046dcf47ac24ac62dca1f94', 'done', 1795819280863, 202, 'application/json', '\x7b226964223a2230314d38464a4e42533650333453524136334256584351593643222c2274797065223a226e6577222c227374617465223a22564552494659494e47222c2276657273696f6e223a322c22616d6f756e745f66656e223a32343030302c2263757272656e6379223a22434e59222c22636f6e7461696e6572223a22557365724b6579222c22616c676f726974686d223a22736d32222c22637265617465645f6174223a313739353831393232303737322c22657870697265735f6174223a313739383431313232303737322c226e657874223a5b22656e7465722d636f6465222c22766572696679222c2265646974222c2263616e63656c225d2c226170706c69636174696f6e223a7b226f72675f636f6465223a2239313131303130384d413031323334353647222c22636f6d70616e79223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c227965617273223a312c2264656c6976657279223a22706f7374222c2270696e5f776179223a22736d73227d2c22766572696669636174696f6e223a7b22776179223a2270686f6e65222c227374617465223a2261736b6564222c226661696c696e67223a66616c73652c22657870697265735f6174223a313739353930353632303836337d7d', 1795905620863);


--
-- Data for Name: invoices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices VALUES ('01M8FJN9324CGRM928XQY3YTWN', '01M8FJN58VCN9AVP3RCTTE3EVS', 'mailed', '00000001795819219088', '', 1795819218012, 1795819219119, 1);


--
-- Data for Name: issues; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.issues VALUES ('01M8FJMSTYVD52BB93TZKHPYEV', 1, 'c41e74b46febc8c3cf350c16abed8353d197162954a0e872a9874734f013142c', 'sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', 'sm2:1a21f2a69ead3b373a969b3e51f97b09501a653', '\x3082010e300a06082a811ccf550168013079022100ca77446dcb07571df76c87902264cad322de90035abe5e428818522ea8f5ad53022042d4ae4b2b92d5a2aa3b827941c8d0086f60bad7bca31b227ad021d8878548ae04200a7bf2e5f3fedf2df65d89dbf822713e54d4d442e02503a242fdb78c1a2f7d350410ebbdcc4835e371c6558bf8cebae5c2d00342000430448bf09a33daba89009649c412b9b3f09dbffcb706243aee6ba33db7513abfca46e419bfef5a6b857b09a28d859aaddae5845231348a20584720881fd775de0341000fd00ccfc0c9fefd97ff99d9d61fef1f0fd00ccfc0c9fefd97ff99d9d61fef1f1451b18e0bd7b9890c5eb1c54a8364af8a62bee36190cda04dea6de5e1708854');
INSERT INTO public.issues VALUES ('01M8FJMXJCC10KN39JRD76R185', 1, '95732c056f0a79508aced7404878309432fb02c79b736ef2d2858f4de97bde90', 'rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', 'rsa:1a21f2a7a263b03e3635580401feb634f35bd39', '\x308205c7020101300a06082a811ccf55016801048201005837b1d6e775d21c82ac829fed8bf941b99f9db53f405b630a96635958d2b569367cda341c6a73f2f3ed983df8da9c8308632a1cb47d5025fba7c49db648d60b15c4c6d810bc00ec160684e0e384d8bba2e16c396634d413a5b4b25afcb52a37c819a90488c7507626d5dfaf64f5a1708ebf2da18bba1f81307d0d9c4b294c9a517bc8119b85167f4a4467933e96000b4cf2dd4b0256091a4150d320a70c6f4a51a95e049ebe1002f435b36b456c377ec534de3d4151e46391858d11c3c650f55650bf2aee5153d888b2b4a6a07fee134a04f17365e1194ea1fb641c5586098fcc389233d9e343ff40fcdc34076c09a26cdea9f41d4bc410e532d76fd4e568d1048204b09a4941fc3533751e9cf659d10e2dcef35ea76315dfbb04b1223206cda467d852e0e1cc8327d6df09f5ccd8a135c85f59b3e9d3eec5924103ec72e620e6dc4fada61626c2380ee27ec68d6724190c68fc257775e0ca2e01f4a512084c2997b0855ca37e2fbbb2a4f99fe975397557ae1f3c6e39b7bb9ede9c2c37181a1b5ac73bf47722249c15cad8c72e63faecdd9bcebd2a1159c95853227f72ac773e68a007d70233bf441aab096cd732d43d5ff04cec57336e6d7caea9590e48681c56d56946819525a862087505a23f4a1cd9ba239d57c065cf9ef3c394ac094889f847797cd110d53de810a7372eb9aa5645c96722ea6b7f5baea93c53868b9690fcef9dd81b03aa35e34cf474d6fea1656ba4d409eb459ba9ed73cd51a7d8574070fe852fd3c77c786433f57c8bf21f1d4664fea46403214b469aee24f49befcb7ae7d37a300433685d77039ee40808ff0e56ed2a393c1f884edb09ba05d3a80cd85b9255e675a2ccb340e33866701a2ce2be6c6ea558f71989b503911e1af48e0509e096cc8d9df18b62d55c445e88adced5a9cb6c42e3aa0635efe7a4476ed19c1207c0c5cf9b6f68d584472db713a7b39936eefafe3bdfb0c075af6c61cac0c9bb6ffd12482fa2f152269240ea1f568b8711863623350f4079162aad7e5e808c9e5879081268ae838846c156fb95005b901c5f0d15ae36491d06bf05f4f2d1a09814456752fc98614889d77276f00f924cad258b629cc599ee6c0f65c0e88387d41bc078ed6d08e55f599b8965d07e8f8c5f36ff86e5453f6ac040859a9c0ae61f718903532be4cde6606090883357a29adaaec4d27dd14694fcfa18272375b169a2fd66d4dca03d17d42cb0e571b4c669ba35d59c8ed4b6a715ab8e76c6413b45f63a8e5a95e0a58fcf007cbe7aeaac25b7752bf98d803dcd93a5b31649b5ac80cd7829a399ababfad923d8eddb5fe580053f049201ae7ce2e64cb62034f20eaeb50c9e1b06424e42f98ee068a8a8fe4db73bb6f724abc781e6957426f0b7477e9ec850fcd20e79b34fd212b939f6c12bdbeeaa08d32903d533b8aa0d02b45fa55a12e73cd0916269f336e9494aa0eb4a0138c89c09416ff4b4fcf3c64715c366fd1cb144e269129a37b9330c5d8db67e83d187594bea3cf84d01cd3eb87bfd96a3d7065e2ad63203a4717f671c379b1af8d481664a354f836e9eb6482f14a91560da3a78382defbc1a9fea6545ef8bf1e5a745fdcef42eaa1542948242abbce05b0b41f3b2ad19e177edbae22f6e22062864978f65996504c5ec873f221104cc0e2a9d275f385929e01c8c06dfe0d507ebeabdc3997c01eb0b48ab39cb88fdedb32d24e4f5a4c8d8313d16cb5b476742337f219c41136e596a2e65252672ed6a9dc5e34c972357a90d58db6963a8fda36bf3e2d466078060c023b834ae64b345f4cd645cc5ca9efc52b2fac69362f3a96250d941d8abcc88bd7e28665763e1744543c3f916646a59832d0a12a28531e40211ceca7e610edbabde4d7d947ca85ff8b3e25d6c0dd0228e3166c3b632dc28b6adbbaad10ad70528f67dc1392b277fe3d7fba342ab003e3916c4fdd70c50f29934b621008c42a1ecc37674c9c5c7328667ec1f5da517e6f083160b76fd79b297da79e22b26f2f0154f01b32aa6049b1d7113b64a010e4c4d5b3dcd48d8a95b0b');
INSERT INTO public.issues VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 1, 'be89c1009ef944617d011347e12d2a87f4fe184edf1cfa1f08417ee53cc3fc48', 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', 'sm2:1a21f2aa37dc6cdd2395ad1ef453c660dde2bf4', '\x3082010e300a06082a811ccf550168013079022100f22575a8c2768dfc2c04cdcc8c3a8dd2940431df5949bfdb8eff254bd5774188022030fde2399c2a7c6c1f14c93e150506b84601280045b83a9150b748047ab02463042000f559f10f63b2a787b08f860ff827240fa841efddb2501158d0a254d595e04104107b494a8c1eb5678f74c32d149c554f80034200049944f01d0e60efb9cdea4b0637f5db55d3791c1ecbe5aea30b21a82b3e809a2cb6699cb1e966c7504c35c5acd8f547c80fa5aa7591ef1f5fc2f96631a80813bd034100ae747873fe64753ec0109d9ccb6c1fddae747873fe64753ec0109d9ccb6c1fdd96239e4358935f7bd792b1896767da2e919347ea2eea651ab658b796986263ad');


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

INSERT INTO public.keys VALUES ('OLD2', 'longmai', 'admin-first', 'BJCA-Application', '13800001234', 0, '测试用户甲', '示例科技有限公司', 'active', '\x01731efc1257ecfe247356d6def07356522a62a3605e20938dfae6327fa7a4dcecae8b93fd4f3a22837c75d0b147d555381e35146c', NULL, NULL, 0, 1795819193892, 1, NULL, NULL, 0);
INSERT INTO public.keys VALUES ('OLD1', 'gmt0017', 'direct', 'BJCA-Application', '13800001234', 0, '测试用户甲', '示例科技有限公司', 'active', '\x01731efc1257ecfe24501b1f7f2d56d499922ca3366679d935a637d798be1251e29ce52ea08254f5839153b94af5fa5cc9f763bceb', '\x01731efc1257ecfe24dd45bf2f683030b2aaa7e1a1ba36151784676435fcad96aa165391d1e78556c0940fa33d37f720d1c7faed94', '01M8FJMHPP8S76PMCKJK5J0JCW', 1, 1795819193639, 3, NULL, NULL, 0);
INSERT INTO public.keys VALUES ('OLDNEW1', 'gmt0017', 'direct', 'BJCA-Application', '13600000002', 0, '测试经办人', '示例科技有限公司', 'active', '\x01731efc1257ecfe2440da0c8e534a628fd0e4cef350eb4f523846adb0cf9792f076b52f0fdd8bdaad92602146d13cc6fe12e5c411', NULL, NULL, 0, 1795819217873, 1, NULL, NULL, 0);


--
-- Data for Name: limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.limits VALUES ('unlock-key', 'OLD1', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('unlock-address', '127.0.0.1', 498838, 2, 1795820400000);
INSERT INTO public.limits VALUES ('unlock-asker-minute', '127.0.0.1 13800001234', 29930319, 2, 1795819200000);
INSERT INTO public.limits VALUES ('unlock-asker-hour', '127.0.0.1 13800001234', 498838, 2, 1795820400000);
INSERT INTO public.limits VALUES ('unlock-asker-day', '127.0.0.1 13800001234', 20784, 2, 1795824000000);
INSERT INTO public.limits VALUES ('unlock-phone-hour', '13800001234', 498838, 2, 1795820400000);
INSERT INTO public.limits VALUES ('unlock-phone-day', '13800001234', 20784, 2, 1795824000000);
INSERT INTO public.limits VALUES ('unlock-key', 'OLD2', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('verify-order', '0849ea067c2074ad44d21c244d056466be2fdcca38a2b75a76ccc3a158591212', 20784, 2, 1795824000000);
INSERT INTO public.limits VALUES ('verify-address', 'fc08e6ce7739a306cf047e7e9b2dba9429b7f2999126aa657f717d695bb29532', 498838, 4, 1795820400000);
INSERT INTO public.limits VALUES ('login', '127.0.0.1', 29930319, 4, 1795819200000);
INSERT INTO public.limits VALUES ('verify-first', 'cab951f4c9c8f4865e0c2f7189f866db6b40c07ec359c343083737ed81289212', 20784, 3, 1795824000000);
INSERT INTO public.limits VALUES ('verify-asker', 'cab951f4c9c8f4865e0c2f7189f866db6b40c07ec359c343083737ed81289212', 20784, 3, 1795824000000);
INSERT INTO public.limits VALUES ('verify-subject', 'b17e0739d666a15b9da174046bfe751f872e5edad86d815f9b7812e9079264e3', 20784, 2, 1795824000000);
INSERT INTO public.limits VALUES ('login', '127.0.0.1', 29930320, 6, 1795819260000);
INSERT INTO public.limits VALUES ('customer-address', '1813b8732ca13623353bbec4dee29ca22d1563467179dacdf659f1847f975eab', 498838, 1, 1795820400000);
INSERT INTO public.limits VALUES ('customer-asker-minute', 'eda34f1f1199f60af1e221ed1597cbfc87744fd51d45099a6c708004feb934e1', 29930320, 1, 1795819260000);
INSERT INTO public.limits VALUES ('customer-asker-hour', 'eda34f1f1199f60af1e221ed1597cbfc87744fd51d45099a6c708004feb934e1', 498838, 1, 1795820400000);
INSERT INTO public.limits VALUES ('customer-asker-day', 'eda34f1f1199f60af1e221ed1597cbfc87744fd51d45099a6c708004feb934e1', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('customer-phone-hour', '37c28a7b1a943861dd531799c68abd3daf33c7783a01e39bb2da2a236298fc26', 498838, 1, 1795820400000);
INSERT INTO public.limits VALUES ('customer-phone-day', '37c28a7b1a943861dd531799c68abd3daf33c7783a01e39bb2da2a236298fc26', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('verify-order', 'e33b95c5385f9f92300b1b0cee0d665fbc6610702a01bedb7f7dd3f1fcd15c80', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('upload-order', 'e33b95c5385f9f92300b1b0cee0d665fbc6610702a01bedb7f7dd3f1fcd15c80', 498838, 4, 1795820400000);
INSERT INTO public.limits VALUES ('sign-order', 'e33b95c5385f9f92300b1b0cee0d665fbc6610702a01bedb7f7dd3f1fcd15c80', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('staff-address', '127.0.0.1', 29930320, 1, 1795819260000);
INSERT INTO public.limits VALUES ('verify-order', 'a99805b368f4f752ac12f3a837db3cfb3ba91c00a2df2c7f7c6ea3df5a4ee1c6', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('upload-order', 'a99805b368f4f752ac12f3a837db3cfb3ba91c00a2df2c7f7c6ea3df5a4ee1c6', 498838, 4, 1795820400000);
INSERT INTO public.limits VALUES ('upload-address', 'fc08e6ce7739a306cf047e7e9b2dba9429b7f2999126aa657f717d695bb29532', 498838, 8, 1795820400000);
INSERT INTO public.limits VALUES ('sign-order', 'a99805b368f4f752ac12f3a837db3cfb3ba91c00a2df2c7f7c6ea3df5a4ee1c6', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('orders-customer', '8cddbae9805b01248e19e812cbe50d2ea968c1da2e91347e2df700a0b96ea983', 20784, 3, 1795824000000);
INSERT INTO public.limits VALUES ('verify-first', 'c310a4485264cfca33dcdc11e4aaafb180b75f02e110f96d1c4eb6c235817a58', 20784, 1, 1795824000000);
INSERT INTO public.limits VALUES ('verify-asker', 'c310a4485264cfca33dcdc11e4aaafb180b75f02e110f96d1c4eb6c235817a58', 20784, 1, 1795824000000);


--
-- Data for Name: nonces; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: order_phones; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.order_phones VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'applicant', '0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0');
INSERT INTO public.order_phones VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'operator', '53fe9f74ce879fb34e5809ea43a81489ecd8d5031876f41c4e47b0b718b95bdc');
INSERT INTO public.order_phones VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'applicant', '0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0');
INSERT INTO public.order_phones VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'operator', '53fe9f74ce879fb34e5809ea43a81489ecd8d5031876f41c4e47b0b718b95bdc');
INSERT INTO public.order_phones VALUES ('01M8FJNBS6P34SRA63BVXCQY6C', 'applicant', '0f4cbe2fe3ea47a5a908eed403b73c6fe4e1555b61aa51849a5b6e0f0752dfd0');
INSERT INTO public.order_phones VALUES ('01M8FJNBS6P34SRA63BVXCQY6C', 'operator', '53fe9f74ce879fb34e5809ea43a81489ecd8d5031876f41c4e47b0b718b95bdc');


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.orders VALUES ('01M8FJMN5DKBPRSZ81X17RF9Z8', 'renewal', 'AWAIT_PAY', 1, 'OLD1', 'c-waits', 'rsa', 'rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', NULL, 19000, 1795819197583, 1795905597583, 1795819197583, 1798410896000, 1829946896000, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FJMNPM20K7ZK4YJ6FHRFX0', 'renewal', 'CANCELLED', 2, 'OLD1', 'c-cancelled', 'sm2', 'sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', NULL, 19000, 1795819198160, 1795905598160, 1795819198213, 1798410897000, 1829946897000, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FJMRFM01FNHHFMW1P959CT', 'renewal', 'PAID', 3, 'OLD1', 'c-paid', 'rsa', 'rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', NULL, 19000, 1795819201001, 1803595201331, 1795819201331, 1798410899000, 1829946899000, 'https://qr.alipay.com/sim8423adddc39bbfa095d083fdbba1417d', '01M8FJMRN3PNJAVM8EF8D0P7EN', 1795819201331, 0, 1795819201098);
INSERT INTO public.orders VALUES ('01M8FJMSTYVD52BB93TZKHPYEV', 'renewal', 'ISSUED', 4, 'OLD1', 'c-issued', 'sm2', 'sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', 'sm2:1a21f2a69eaf61836256eaa388adb5313ed0eae', 19000, 1795819202381, 1803595202769, 1795819203080, 1798410901000, 1829946901000, 'https://qr.alipay.com/sim66ed762161ae782a3a0edb50900da13c', '01M8FJMT4ERCTA4C5S9KYA1E2R', 1795819202769, 1, 1795819202564);
INSERT INTO public.orders VALUES ('01M8FJMXJCC10KN39JRD76R185', 'renewal', 'DONE', 5, 'OLD1', 'c-done', 'rsa', 'rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'rsa:1a21f2a7a26fb72309013bcb67f7fd5fb4357d3', 19000, 1795819206218, 1803595206481, 1795819210077, 1798410904000, 1829946904000, 'https://qr.alipay.com/sim4d705f4b92b517cc7495ee1a6fa34c8a', '01M8FJMXPV2G8XJHD2CRZS9D1T', 1795819206481, 1, 1795819206257);
INSERT INTO public.orders VALUES ('01M8FJN58VCN9AVP3RCTTE3EVS', 'new', 'DONE', 18, 'OLDNEW1', 'UserKey', 'sm2', '', 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', 24000, 1795819214099, 1803595215963, 1795819218012, 0, 1827355217000, 'https://qr.alipay.com/sim38c9877c61719ba33281c73b6424e2f8', '01M8FJN6SJFCHSZ9BFERJ5AC6F', 1795819215681, 1, 1795819215650);
INSERT INTO public.orders VALUES ('01M8FJNBS6P34SRA63BVXCQY6C', 'new', 'VERIFYING', 2, '', 'UserKey', 'sm2', '', NULL, 24000, 1795819220772, 1798411220772, 1795819220826, 0, 0, NULL, NULL, 0, 0, 0);
INSERT INTO public.orders VALUES ('01M8FJNAACH6HPP4YM5DS7XNFN', 'new', 'IN_REVIEW', 16, '', 'UserKey', 'sm2', '', NULL, 24000, 1795819219274, 1803595220721, 1795819220721, 0, 0, 'https://qr.alipay.com/sim235c3540a07cbef265aeedca26b29bc1', '01M8FJNBC17W06EXRX92E8ESCS', 1795819220397, 0, 1795819220270);


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES ('01M8FJMHQ774WVBSA7X9WYSTH3', 'sms', 'unlock:01M8FJMHPP8S76PMCKJK5J0JCW:13800001234', NULL, 'done', 1, 1795819254126, 1795819193988, 1795819793988, 1795819194161, '');
INSERT INTO public.outbox VALUES ('01M8FJMHQYG0T6ZDA9NTM53KHB', 'unlock-contacts', 'unlock-contacts:01M8FJMHPP8S76PMCKJK5J0JCW', NULL, 'done', 1, 1795819254167, 1795819193988, 1795819793988, 1795819194178, '');
INSERT INTO public.outbox VALUES ('01M8FJMHT1RY3BS1CZ5VB0BQVK', 'sms', 'unlock:01M8FJMHPP8S76PMCKJK5J0JCW:13700000001', NULL, 'done', 1, 1795819254179, 1795819194177, 1795819793988, 1795819194190, '');
INSERT INTO public.outbox VALUES ('01M8FJMJEE3WNV56S08YYJWFEK', 'sms', 'unlock:01M8FJMJEDYAADSZTF4BV06YXQ:13800001234', NULL, 'done', 1, 1795819254831, 1795819194765, 1795819794765, 1795819194921, '');
INSERT INTO public.outbox VALUES ('01M8FJMJEEHG6C9TCSVQMG69QZ', 'unlock-contacts', 'unlock-contacts:01M8FJMJEDYAADSZTF4BV06YXQ', NULL, 'done', 1, 1795819254959, 1795819194765, 1795819794765, 1795819195009, '');
INSERT INTO public.outbox VALUES ('01M8FJMRSPNFX4Q4NK5894XVA4', 'order-time', 'order-time:01M8FJMRFM01FNHHFMW1P959CT:1803595201331', '\x01731efc1257ecfe24206ccaae2722de5aa9d454fdf68a4a5e8c4db05ee8b3e5f9700fbe6acfd8ded5529c45c4e688e0ed86a72027e3fac520dedb9e2ad6c10121db4dfe7a19eeb27a3bad', 'pending', 0, 1803595201332, 1795819201331, 1803681601331, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJMT6VNS1EM18VHY9RZRRW', 'order-time', 'order-time:01M8FJMSTYVD52BB93TZKHPYEV:1803595202769', '\x01731efc1257ecfe246cdea83b7d3e1eb1220de02d9946747a497aebc6e4a05b21e2337bf7e4c4a6da074e4f64721dd33795cbff2e4a21cd78b3367080e23b9d69f49ff3181ff6230c064d', 'pending', 0, 1803595202770, 1795819202769, 1803681602769, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJMRJDGP2RFYRJ7KHZKTXE', 'pay-query', 'pay-query:01M8FJMRFM01FNHHFMW1P959CT', NULL, 'done', 2, 1795819264809, 1795819201098, 1795992001001, 1795819204821, '');
INSERT INTO public.outbox VALUES ('01M8FJMT1DV1T9PNY0WGS4JXMR', 'pay-query', 'pay-query:01M8FJMSTYVD52BB93TZKHPYEV', NULL, 'done', 2, 1795819265913, 1795819202564, 1795992002381, 1795819205970, '');
INSERT INTO public.outbox VALUES ('01M8FJMXTY2RYFNEHXMY0XPQZK', 'order-time', 'order-time:01M8FJMXJCC10KN39JRD76R185:1803595206481', '\x01731efc1257ecfe2403450f33e27838101d3e5c1b31d3ec8f842a874f57e5f6af5ce627682dd44c8090c1b26c5abaa603a6e216d28a810ea74f5b453d2529394e70151b063ae19515dcec', 'pending', 0, 1803595206482, 1795819206481, 1803681606481, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJMXKHX0947XYEMVHV4ZBH', 'pay-query', 'pay-query:01M8FJMXJCC10KN39JRD76R185', NULL, 'done', 2, 1795819269541, 1795819206257, 1795992006218, 1795819209597, '');
INSERT INTO public.outbox VALUES ('01M8FJN4Z8T21VD7FZV3453VC1', 'sms', 'customer-code:01M8FJN4Z7M7PC1HS7DETFP8MH', NULL, 'done', 1, 1795819273801, 1795819213789, 1795819813789, 1795819213873, '');
INSERT INTO public.outbox VALUES ('01M8FJN58YPN3Q0MAENHW07YNA', 'order-time', 'order-time:01M8FJN58VCN9AVP3RCTTE3EVS:1798411214099', '\x01731efc1257ecfe2487893ae7e9f3b7c3be0dead4067f74d8af8edded02649e684f5a0d97d2753eabfe988a964f76e51fc97f749c16f269d6df1ae67f8fcf1aadef763e04faa75457f355', 'pending', 0, 1798411214100, 1795819214099, 1798497614099, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN5W5SB4DVX02WVTP1NYV', 'identity', 'identity:01M8FJN5W4DBB1R3JM1ZMNYXXX', NULL, 'done', 1, 1795819274728, 1795819214718, 1795905614718, 1795819214766, '');
INSERT INTO public.outbox VALUES ('01M8FJN5X4HPBDVVQ9YSM78452', 'sms', 'verify-code:01M8FJN5W4DBB1R3JM1ZMNYXXX', NULL, 'done', 1, 1795819274766, 1795819214755, 1795819814755, 1795819214770, '');
INSERT INTO public.outbox VALUES ('01M8FJN65GTX37VX3GA14GCYWY', 'upload-drop', 'upload-drop:b39cb31dba2c19fcbf6fcf3af96614c4ae9f9e01bce3decc188d18bafe0d2d6b:01M8FJN65G71599PKRGFBYG3JY', '\x01731efc1257ecfe240cbcbe3bf554d2a4f9a264854599363c6e55830afd36b3194a677dbe57630da7f8262b1dccc86e0288e5fea5f097aab6b4eef116d49c3d8d89532c95a061a080f18caca2c478d8611c0c0d59a8cabc7145e0e4afff5cf6ec46fb10d63189f313f667946e8f49cb2014', 'pending', 0, 1795822815009, 1795819215009, 1795909215009, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN6758ABEWKB506Y2DM4X', 'upload-drop', 'upload-drop:1dba594deed819d8a0c275cd6525a43072a490113ba704fa51104e41762056c8:01M8FJN675ZZZXVP59PC37DVPY', '\x01731efc1257ecfe24e121466a3ed46aba396628850bb1371713cbed005efb147e5f9920ae05cfbb5e33ab2ab4231ff2191b7065419f167ca5fdd62f732bfc5083cf8d2d6e550f3a22bd1c9b819026b8e255b37f8a4b8b37a82055e2d01da9a21818327571557f62ce1bfc1b429039e383e3', 'pending', 0, 1795822815074, 1795819215074, 1795909215074, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN6D5518KZCJM64KW38DF', 'upload-drop', 'upload-drop:e7782de758f7cf18ce64858ee055fbdbb6b7610cfbfec5b03e5cc94fa71fb8cb:01M8FJN6D5FWA7WF8F31QH2YS3', '\x01731efc1257ecfe2447727685601499812bf9545994efd6cad912a604baa2fcfec0c970841ac470d6f89b9d788c5f4ad9dd2d150e51ee36beba89c1e40394b28b45a62e3a419f6399fd548045e47eae44f97a99f0cb3e77685958fec17c35c2d610917ac04473cdd491ada84151f1ed61b7', 'pending', 0, 1795822815229, 1795819215229, 1795909215229, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN6GC2XVJ6Y7TXD5PY348', 'upload-drop', 'upload-drop:9fa4db8ecf3bdd28bef60ec1e53f448ff5427762b47d02bb97b9d55ff9156955:01M8FJN6GCSABVZA7XDD556FR6', '\x01731efc1257ecfe249762707659517c58f619b36e6a115f524b7740d51553b1ae7c4cb804c573b2d7d74a7f9130aa3a149c5839bc7b1295a55d5cbf8038f3c3d76bf4d04733b55d486fbb6327c1957a33e30045593398ddc770d61a1a0918736ba1d474b1e31810247835238a35e201dfc2', 'pending', 0, 1795822815323, 1795819215323, 1795909215323, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN6J9S5NJ0ZRXQZX88XA8', 'sms', 'sign-code:01M8FJN6J85NA0PAXTVRJK1TPT', NULL, 'done', 1, 1795819275435, 1795819215430, 1795819815430, 1795819215465, '');
INSERT INTO public.outbox VALUES ('01M8FJN6R1VYX16H3ZVE2NV4XA', 'order-time', 'order-time:01M8FJN58VCN9AVP3RCTTE3EVS:1795905615596', '\x01731efc1257ecfe24667e7db803b3ab04508aed4d43d81ccd24143f4bce7acb31ab040d0b15afb4428ec141d9bb6791b2a49151293edfa25c621c6ce358bd4c3d6574dd2a9ebfba3d5b7c', 'pending', 0, 1795905615597, 1795819215596, 1795992015596, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNB9EG0CS7FM5Y51AKDKG', 'pay-query', 'pay-query:01M8FJNAACH6HPP4YM5DS7XNFN', '\x01731efc1257ecfe24a527eb003c52b308ea7be1f784a2aa2fa64d19cf972c1bcbb859aaf7a92e8d818f08ae908bd5327d247d4f6c03c7b089f2424d6cb5235e5bd407b08cb4f3f92aa79d', 'pending', 1, 1795819223289, 1795819220270, 1795992020243, 0, 'busy');
INSERT INTO public.outbox VALUES ('01M8FJNBQSH90A7865JSQ6H199', 'sms', 'order-rejected:01M8FJNBN74GG5Z6ZNW3TZ2MVN:0', NULL, 'done', 1, 1795819280747, 1795819220726, 1795905620726, 1795819220751, '');
INSERT INTO public.outbox VALUES ('01M8FJNBQSH1BYM1XS1BZ6V7NQ', 'mail', 'mail:01M8FJNBN74GG5Z6ZNW3TZ2MVN:1', NULL, 'done', 1, 1795819280730, 1795819220726, 1795905620726, 1795819220757, '');
INSERT INTO public.outbox VALUES ('01M8FJNBQSPK5W2S6495DMMJPD', 'sms', 'order-rejected:01M8FJNBN74GG5Z6ZNW3TZ2MVN:1', NULL, 'done', 1, 1795819280752, 1795819220726, 1795905620726, 1795819220767, '');
INSERT INTO public.outbox VALUES ('01M8FJNBQSQDMM76300MHTVQD9', 'mail', 'mail:01M8FJNBN74GG5Z6ZNW3TZ2MVN:0', NULL, 'done', 1, 1795819280758, 1795819220726, 1795905620726, 1795819220775, '');
INSERT INTO public.outbox VALUES ('01M8FJNBRAMQGS8QFT1N2JNPEC', 'sms', 'order-in-review:01M8FJNBQKDGJRBKYABNA1EKTB:1', NULL, 'done', 1, 1795819280773, 1795819220744, 1795905620744, 1795819220785, '');
INSERT INTO public.outbox VALUES ('01M8FJNBRA4DJA1B7SGF4XEAJM', 'mail', 'mail:01M8FJNBQKDGJRBKYABNA1EKTB:0', NULL, 'done', 1, 1795819280779, 1795819220744, 1795905620744, 1795819220801, '');
INSERT INTO public.outbox VALUES ('01M8FJNBRAPXA83679PX5KC87M', 'sms', 'order-in-review:01M8FJNBQKDGJRBKYABNA1EKTB:0', NULL, 'done', 1, 1795819280793, 1795819220744, 1795905620744, 1795819220843, '');
INSERT INTO public.outbox VALUES ('01M8FJNBVC0ANHX8RF2GPJ4QBA', 'identity', 'identity:01M8FJNBVC4C36TGTGYWXJN32Y', NULL, 'done', 1, 1795819280847, 1795819220826, 1796078420826, 1795819220876, '');
INSERT INTO public.outbox VALUES ('01M8FJNBRAHXD759DNV3FGDGQP', 'mail', 'mail:01M8FJNBQKDGJRBKYABNA1EKTB:1', NULL, 'done', 1, 1795819280826, 1795819220744, 1795905620744, 1795819220891, '');
INSERT INTO public.outbox VALUES ('01M8FJNBWMVCJFSR577M8VV48W', 'sms', 'verify-code:01M8FJNBW91NZDRJGJM8TSZSCQ', NULL, 'done', 1, 1795819280893, 1795819220883, 1795819820883, 1795819220906, '');
INSERT INTO public.outbox VALUES ('01M8FJN6S3MWP517M1MFS45ZF8', 'pay-query', 'pay-query:01M8FJN58VCN9AVP3RCTTE3EVS', NULL, 'done', 1, 1795819275652, 1795819215650, 1795992015596, 1795819215684, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T852GTR0H9GQGPZZMP', 'sms', 'order-in-review:01M8FJN6T4WFHKHW5V1TKXW5BS:1', NULL, 'done', 1, 1795819275714, 1795819215686, 1795905615686, 1795819215729, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T8S5DH2PY59SX80C0D', 'sms', 'order-in-review:01M8FJN6T4WFHKHW5V1TKXW5BS:0', NULL, 'done', 1, 1795819275769, 1795819215686, 1795905615686, 1795819215861, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T84QHS5AVDWT8HSWVY', 'mail', 'mail:01M8FJN6T4WFHKHW5V1TKXW5BS:1', NULL, 'done', 1, 1795819275714, 1795819215686, 1795905615686, 1795819216134, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T86Y2EHXH4PABXXSP8', 'mail', 'mail:01M8FJN6T4WFHKHW5V1TKXW5BS:0', NULL, 'done', 1, 1795819276140, 1795819215686, 1795905615686, 1795819216315, '');
INSERT INTO public.outbox VALUES ('01M8FJNAG66BMZRG811DYD88GH', 'identity', 'identity:01M8FJNAG5GADJTTPN2NE70SVX', NULL, 'done', 1, 1795819279465, 1795819219458, 1795905619458, 1795819219474, '');
INSERT INTO public.outbox VALUES ('01M8FJNAGHE89B67W96CPKGYHZ', 'sms', 'verify-code:01M8FJNAG5GADJTTPN2NE70SVX', NULL, 'done', 1, 1795819279475, 1795819219472, 1795819819472, 1795819219479, '');
INSERT INTO public.outbox VALUES ('01M8FJNAV6XK6NXVQN35T62T5S', 'upload-drop', 'upload-drop:5aab58851f3bc7526e2c4e5af8678098aeaf50883a4f3669232d965a05dea645:01M8FJNAV61WAA19YCHAKKNV0R', '\x01731efc1257ecfe24afa4d866a7c36f0029f38fb305d30245b31f55d120d73f203a0b4e69e665d48135304ca5245d50c67402411e4361bcef73f02fba79a8845c9ca2a07349c4d33079fecc2dae762b60215aefe4789595b219e89f795d819a21acdfa146ed8646f1e4f9b59584e4749c4c', 'pending', 0, 1795822819807, 1795819219807, 1795909219807, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNAY99Y9CJKBRE1CPYQ8P', 'upload-drop', 'upload-drop:8241cb87cc4c408c1ea94ac8fb1344421b59d76827125b9a164b02969169d945:01M8FJNAY97NTJMXNPFDAVFZ5K', '\x01731efc1257ecfe242e30892634dfb2ee734414b31494345349ff736e385a7ba522c8dd5355aeb6bac619f534d7f43813c16fb53ff987c214c1226629fb8010bea90a4544009916fa35f29adec8bb5f597dea4047f24766fb809de4fee7f0118cbd178317db1b413e87c2bab9990d5b908b', 'pending', 0, 1795822819881, 1795819219881, 1795909219881, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNB3Q0ZBEDMP5CJFTB8QC', 'sms', 'sign-code:01M8FJNB3PJYVRNZ6Z0VKYBVT4', NULL, 'done', 1, 1795819280088, 1795819220085, 1795819820085, 1795819220117, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T2ASB7X8YBJG6YFXWD', 'order-time', 'order-time:01M8FJN58VCN9AVP3RCTTE3EVS:1803595215681', '\x01731efc1257ecfe24a93bc9279ab089d91d3c1d0892aeda2b53b508957ad0e4c59d51dc5897a5157d5619f09f527e3f0ff26d6f25d7d68b0c7a2706718d008d23de784f558dc63fc1eb82', 'pending', 0, 1803595215682, 1795819215681, 1803681615681, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN6T4WFHKHW5V1TKXW5BS', 'order-tell', 'order-tell:01M8FJN58VCN9AVP3RCTTE3EVS:13', NULL, 'done', 1, 1795819275685, 1795819215681, 1795905615681, 1795819215688, '');
INSERT INTO public.outbox VALUES ('01M8FJN72W1DGVMGVGVK18830Y', 'order-time', 'order-time:01M8FJN58VCN9AVP3RCTTE3EVS:1803595215963', '\x01731efc1257ecfe24cb9c44a3350f4100ac0afb0b5f654d9ca182c972dc751a89b308fc19c9871bd46b21954a2db521ada41b664ccc8ae45e20b1f142f4ac09bd5fadce69d0a17d30be42', 'pending', 0, 1803595215964, 1795819215963, 1803681615963, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN73FBHACRNE10YYQW7CP', 'order-tell', 'order-tell:01M8FJN58VCN9AVP3RCTTE3EVS:14', NULL, 'done', 1, 1795819276901, 1795819215963, 1795905615963, 1795819216920, '');
INSERT INTO public.outbox VALUES ('01M8FJN80M1XHT2EY4VG3N4RB8', 'sms', 'order-approved:01M8FJN73FBHACRNE10YYQW7CP:0', NULL, 'done', 1, 1795819276928, 1795819216904, 1795905616904, 1795819216936, '');
INSERT INTO public.outbox VALUES ('01M8FJN80QS6A2AV4E2TZ531SG', 'sms', 'order-approved:01M8FJN73FBHACRNE10YYQW7CP:1', NULL, 'done', 1, 1795819276936, 1795819216904, 1795905616904, 1795819216939, '');
INSERT INTO public.outbox VALUES ('01M8FJN80PNQ3SFWPF9227R387', 'mail', 'mail:01M8FJN73FBHACRNE10YYQW7CP:0', NULL, 'done', 1, 1795819276928, 1795819216904, 1795905616904, 1795819216977, '');
INSERT INTO public.outbox VALUES ('01M8FJN80Q4X9K60Z7QCG0ZJ5Q', 'mail', 'mail:01M8FJN73FBHACRNE10YYQW7CP:1', NULL, 'done', 1, 1795819276981, 1795819216904, 1795905616904, 1795819217065, '');
INSERT INTO public.outbox VALUES ('01M8FJN90DRZ4XMMVB4QNQ17C6', 'first-pin', 'first-pin:01M8FJN8R677VY58HXSRKPH7H4', NULL, 'done', 1, 1795819277944, 1795819217873, 1795905617873, 1795819218002, '');
INSERT INTO public.outbox VALUES ('01M8FJN90KSD2YXKBYM5XD4NQW', 'order-tell', 'order-tell:01M8FJN58VCN9AVP3RCTTE3EVS:17', NULL, 'done', 1, 1795819278009, 1795819217873, 1795905617873, 1795819218026, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDF0W0P4FT831VZW312', 'order-time', 'order-time:01M8FJNAACH6HPP4YM5DS7XNFN:1803595220397', '\x01731efc1257ecfe24456a74b1295e46d9b2f54d7f5fb5e35b40a6866b5b46f1ed42b73276177154b85119ca0381fabd870d3303e7dc055e7939138062962da7f991ec1102be5e48464817', 'pending', 0, 1803595220398, 1795819220397, 1803681620397, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDJHQYC1SRHQPPPG512', 'order-tell', 'order-tell:01M8FJNAACH6HPP4YM5DS7XNFN:13', NULL, 'done', 1, 1795819280403, 1795819220397, 1795905620397, 1795819220407, '');
INSERT INTO public.outbox VALUES ('01M8FJNBQJEKVA0P39XPPR1C4M', 'order-time', 'order-time:01M8FJNAACH6HPP4YM5DS7XNFN:1803595220721', '\x01731efc1257ecfe2466576e515a4e42159d4bfa51c4dbe6095ef61206e000da58f2befe68b60bb99deee25600999a8c2fc8a8b3e670b92a8bdc9a03628f358d02116a323383808f03dde1', 'pending', 0, 1803595220722, 1795819220721, 1803681620721, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNBQKDGJRBKYABNA1EKTB', 'order-tell', 'order-tell:01M8FJNAACH6HPP4YM5DS7XNFN:16', NULL, 'done', 1, 1795819280730, 1795819220721, 1795905620721, 1795819220747, '');
INSERT INTO public.outbox VALUES ('01M8FJNBS6GXB96DGA7GPD1M70', 'order-time', 'order-time:01M8FJNBS6P34SRA63BVXCQY6C:1798411220772', '\x01731efc1257ecfe243d90e0902d258cb67e6d5df740a586a90f1818daf4c178a8aa2ea4e08c6477e2235128387b6f33bcb8f4735f1613992742168da9348466d9e1356404e671e83d00c7', 'pending', 0, 1798411220773, 1795819220772, 1798497620772, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJN936XQ2VYP65MDXYAPC3', 'invoice', 'invoice:01M8FJN9324CGRM928XQY3YTWN:0', NULL, 'done', 1, 1795819278023, 1795819218012, 1795992018012, 1795819218055, '');
INSERT INTO public.outbox VALUES ('01M8FJNA5G279G83R629RDC14R', 'invoice-files', 'invoice-files:01M8FJN9324CGRM928XQY3YTWN:0', NULL, 'done', 1, 1795819279121, 1795819219119, 1795992019119, 1795819219165, '');
INSERT INTO public.outbox VALUES ('01M8FJNA6XRRXWZAMCJX9266S9', 'invoice-mail', 'invoice-mail:01M8FJN9324CGRM928XQY3YTWN:0', NULL, 'done', 1, 1795819279169, 1795819219165, 1795992019165, 1795819219226, '');
INSERT INTO public.outbox VALUES ('01M8FJNAACA37W5YBY5YVV0FZJ', 'order-time', 'order-time:01M8FJNAACH6HPP4YM5DS7XNFN:1798411219274', '\x01731efc1257ecfe24d0322c93cad0bd69d7926a959330b97f2ff26aa88138e9e2c6590195806d1bcfc52b4039b51a22053b955ccbb3ffab5fa752a3f4249a9279511d01ead545b7a20c48', 'pending', 0, 1798411219275, 1795819219274, 1798497619274, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNAR0C1C9NWWDVA3FG5VC', 'upload-drop', 'upload-drop:9683e0ca0b44bb4e061e2322c9f5519f065976e2089565031d760dc5e029a32e:01M8FJNAR01T2BPXYM5RHNCYXE', '\x01731efc1257ecfe24856cbae74fca114da9daf3f6080c96a5abb28b7a451421ac2c04800aa326c0ac39532340d0a75f80fd6e68963118f8019e16e57e647faee90bc5f6e88f08341e8a34ca6100b34848f6dc14af5d439b6cdbb51b48d1fa73b6a782064d5c395a928b01fecde9398aaf97', 'pending', 0, 1795822819709, 1795819219709, 1795909219709, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNAZP8HCQSX7EAB5YKWQB', 'upload-drop', 'upload-drop:9413f515406cc7efc38a9dd9a602256217c23f52ae322ffbe6d536812f722bec:01M8FJNAZP1JE1R1CXG96X5A1Q', '\x01731efc1257ecfe24daf5d125256a30ec95f6dd4aaa890101c3914f86be4035b4903582045b0b494e750f1fb51f9dd5512ee10a1fb41240e0296473e0e79dbc008011ed84d9f8f046fbbe0bee07a31a83f7a6dda84d78894cfbb5e6bee37305652b85196ee1d016b23e21772a4c5d296c78', 'pending', 0, 1795822819957, 1795819219957, 1795909219957, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNB8MT7QXQPH0J9DC5VH5', 'order-time', 'order-time:01M8FJNAACH6HPP4YM5DS7XNFN:1795905620243', '\x01731efc1257ecfe24db29af12b59b18499aecdaf39dc381c33daffc93183aeb307eb381dd16b9a75e1b2068f356083836ad9f3326ba0887ba22090d7447ac03351ed44caf0be502f17ffe', 'pending', 0, 1795905620244, 1795819220243, 1795992020243, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDQ06K0A7PWTZTP8KFK', 'sms', 'order-in-review:01M8FJNBDJHQYC1SRHQPPPG512:1', NULL, 'done', 1, 1795819280407, 1795819220406, 1795905620406, 1795819220422, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDQCDRSXZJW3RVH280Z', 'sms', 'order-in-review:01M8FJNBDJHQYC1SRHQPPPG512:0', NULL, 'done', 1, 1795819280424, 1795819220406, 1795905620406, 1795819220426, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDQ0435MYK9BW20933G', 'mail', 'mail:01M8FJNBDJHQYC1SRHQPPPG512:0', NULL, 'done', 1, 1795819280412, 1795819220406, 1795905620406, 1795819220439, '');
INSERT INTO public.outbox VALUES ('01M8FJNBDQYS9ZFPADDC3VDN57', 'mail', 'mail:01M8FJNBDJHQYC1SRHQPPPG512:1', NULL, 'done', 1, 1795819280441, 1795819220406, 1795905620406, 1795819220473, '');
INSERT INTO public.outbox VALUES ('01M8FJN93ADF6Q2NPM495CN15Y', 'sms', 'order-ready:01M8FJN90KSD2YXKBYM5XD4NQW:0', NULL, 'done', 1, 1795819278027, 1795819218024, 1795905618024, 1795819218036, '');
INSERT INTO public.outbox VALUES ('01M8FJN93ANYRJ80H99EH98YR7', 'sms', 'order-ready:01M8FJN90KSD2YXKBYM5XD4NQW:1', NULL, 'done', 1, 1795819278037, 1795819218024, 1795905618024, 1795819218056, '');
INSERT INTO public.outbox VALUES ('01M8FJN93A33XJESF40KKJ616K', 'mail', 'mail:01M8FJN90KSD2YXKBYM5XD4NQW:0', NULL, 'done', 1, 1795819278056, 1795819218024, 1795905618024, 1795819218081, '');
INSERT INTO public.outbox VALUES ('01M8FJN93AGAVXK0GPM9JJYBQX', 'mail', 'mail:01M8FJN90KSD2YXKBYM5XD4NQW:1', NULL, 'done', 1, 1795819278082, 1795819218024, 1795905618024, 1795819218141, '');
INSERT INTO public.outbox VALUES ('01M8FJNA5PCYRM0TCZEX44P4BR', 'upload-drop', 'upload-drop:d836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad:01M8FJNA5P6TT5B71PY1AA62HN', '\x01731efc1257ecfe24409e341d6e3364fcfb39dc298506c101e25b658f922c44b82786e3fbd47356974280b9f09906a847ad37269df2b8887ba731c24e7cf9b7502f920c7a5e138d468e1156c00ea417c62e8e5ae50c7c1d774bc699da95029d4aa107d74784f5d9c1612396756660e5fabd', 'pending', 0, 1795822819126, 1795819219126, 1795909219126, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNA5V3ZWBPY5V7XQX6HEK', 'upload-drop', 'upload-drop:3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74:01M8FJNA5VGQ4Z5PPA9WP8RSYV', '\x01731efc1257ecfe249a6e5aa88ca493f9fe0c4a58cb3c3dd5d7a322a6b05ecd9884329bf6e64b7161afe73139a482fc202f25d27ae5e7bc30232b53f2b0581eba32c5288fc6d1495e5f61135f7385a9f94b0c82c5529e51b4fa1978f1bca127c08704282bd1236d2215975deeb1b3cda2b9', 'pending', 0, 1795822819130, 1795819219130, 1795909219130, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNA637DKA2DC7V0P89T2F', 'upload-drop', 'upload-drop:27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f:01M8FJNA631KKT2W29XW3TMZ8S', '\x01731efc1257ecfe24ea3164cf9705e849ee3f8ec1f9b2301b717e29b775765bd49668e6105898469f6f3c4dd925277e9e3459561017c695b04f902fe943ef113b760f032b527dc60a41b4370874e73e076ff4127fad8a86fde5fa44d460ea11d50022af8209aed469edd6d27b3cfebc9542', 'pending', 0, 1795822819139, 1795819219139, 1795909219139, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNBMJ9EGANXA7GAXD4BAT', 'order-time', 'order-time:01M8FJNAACH6HPP4YM5DS7XNFN:1798411220585', '\x01731efc1257ecfe2483e60962668d826eee681fe39684e42d48f38190a8f8d671f1081d38876717ac2b6eaaae0c6d299ff207fdbd5516c472ea7d424837e5972fcb677859ecdaceb48b3a', 'pending', 0, 1798411220586, 1795819220585, 1798497620585, 0, '');
INSERT INTO public.outbox VALUES ('01M8FJNBN74GG5Z6ZNW3TZ2MVN', 'order-tell', 'order-tell:01M8FJNAACH6HPP4YM5DS7XNFN:14', NULL, 'done', 1, 1795819280724, 1795819220585, 1795905620585, 1795819220729, '');
INSERT INTO public.outbox VALUES ('01M8FJNBWA4JC6H1QKKFQR8D9N', 'identity', 'identity:01M8FJNBW91NZDRJGJM8TSZSCQ', NULL, 'done', 1, 1795819280876, 1795819220863, 1795905620863, 1795819220885, '');


--
-- Data for Name: pay_notices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pay_notices VALUES ('01M8FJMRN36T767MTFM0RZDVFJ', '01M8FJMRFM01FNHHFMW1P959CT', '01M8FJMRN3PNJAVM8EF8D0P7EN', 19000, 1795819201331);
INSERT INTO public.pay_notices VALUES ('01M8FJMT4EWMJ0C9HQD4B51MBD', '01M8FJMSTYVD52BB93TZKHPYEV', '01M8FJMT4ERCTA4C5S9KYA1E2R', 19000, 1795819202769);
INSERT INTO public.pay_notices VALUES ('01M8FJMXPVJ97P8ZV16Z100EV3', '01M8FJMXJCC10KN39JRD76R185', '01M8FJMXPV2G8XJHD2CRZS9D1T', 19000, 1795819206481);
INSERT INTO public.pay_notices VALUES ('01M8FJN6SJFDEJGWBJ5W4JD4Q8', '01M8FJN58VCN9AVP3RCTTE3EVS', '01M8FJN6SJFCHSZ9BFERJ5AC6F', 24000, 1795819215739);
INSERT INTO public.pay_notices VALUES ('01M8FJNBC1K4WR48KX41W6HDXF', '01M8FJNAACH6HPP4YM5DS7XNFN', '01M8FJNBC17W06EXRX92E8ESCS', 24000, 1795819220397);


--
-- Data for Name: productions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.productions VALUES ('01M8FJN8R677VY58HXSRKPH7H4', '01M8FJN58VCN9AVP3RCTTE3EVS', 'OLDNEW1', 'made', 'gmt0017', 'direct', 'BJCA-Application', NULL, NULL, 'sm2:1a21f2aa37dfc6f058573796d2d092b736951be', 1, 1795819217650, 'staff:petra', 1795819217873, 1795819218000, '', '', 1795819218012, 'staff:petra', '');


--
-- Data for Name: reviews; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.reviews VALUES ('01M8FJN6T3E6023ED3X9DQ6A6J', '01M8FJN58VCN9AVP3RCTTE3EVS', 'approved', 1795819215681, 1796054400000, 0, '', 'staff:uid-0', 1795819215963);
INSERT INTO public.reviews VALUES ('01M8FJNBDJ7E4A2JYNRA0214B1', '01M8FJNAACH6HPP4YM5DS7XNFN', 'rejected', 1795819220397, 1796054400000, 0, 'the first reason', 'staff:uid-0', 1795819220585);
INSERT INTO public.reviews VALUES ('01M8FJNBQJDX8H8R4D74MV0C3T', '01M8FJNAACH6HPP4YM5DS7XNFN', 'open', 1795819220721, 1796054400000, 0, '', '', 0);


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_version VALUES (1, 20);


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES ('498588690ad37cecf065e775d2dd544105d40e7a5260a58811c1330990945f00', 'rsa:1a21f2a4f2a9e349417e74d451964fbd625b5d0', 'login', 1795819197535, 1795820097535);
INSERT INTO public.sessions VALUES ('55e1d4653cf0a4deb396ecc0df6d11a2f83d002a5e5632bbd1397984806b988f', 'sm2:1a21f2a558edf53ef3302a8367d4014f8212fea', 'login', 1795819198065, 1795820098065);
INSERT INTO public.sessions VALUES ('d510a350df52a42bb2d47e63b7f2acb200c1a93dc9bee2dc664e474fbaa30354', 'rsa:1a21f2a5a395cfe020f2a62c13afae57b29e28c', 'login', 1795819200943, 1795820100943);
INSERT INTO public.sessions VALUES ('2f09d1f8a90c5e0039af10139daf21b8ba78119d044dc4f79170e117cf20d9fb', 'sm2:1a21f2a658d87d66a2dd436f3aaf180ed21286e', 'login', 1795819202256, 1795820102256);
INSERT INTO public.sessions VALUES ('b25cf3d65925a0df87b68dc04a613c225c614ac15492ab5f535979a6355bbaf8', 'rsa:1a21f2a6e7df8e4bd2ac70c6bbc679e2751936f', 'login', 1795819206191, 1795820106191);


--
-- Data for Name: staff; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff VALUES ('petra', 'reviewer,producer', 'enabled', 15, 8, 3, '\x720863a72bc618cd6f91be8cc8e76e89', '\x114ed6e6b78d27e39eb2180f82dda0806608b75f003ed6144a370fdae2ae67be', '\x01731efc1257ecfe245a2f13b73c9cfd4894fea425e5649e8286e63c89a744e08ff009a00a2b830fa15d607080519b6792ceb7ebd60adc56ba', 59860640, '127.0.0.1', 1795819213444, 1795819217424);


--
-- Data for Name: staff_sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff_sessions VALUES ('f3cf3c0278c8e5b064bc61b756bcfcb6da8b7d46da5928efacacd36889259b9e', 'petra', 1795819217424, 1795819217424, 1795848017424);


--
-- Data for Name: unlock_documents; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: unlock_reviews; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: unlock_rounds; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.unlock_rounds VALUES ('01M8FJMHPP8S76PMCKJK5J0JCW', '80340e65c1375f76dca44713bdf552677ecba412aeefac8b3d9dfea3e3070bd2', '\x01731efc1257ecfe247a41d90220729bb8d0910e2253499bc304779e0f5669a9d1ae19a962f8f8dc1cd7121e696cae330470b1128301616644cddd730e9bb21d840263b4aafff5445e07fa4bbcc4c9a6f231441b0118e9ae1cf7a7fdba93df00352ff248ed2dec418f49e14cb947199a7de4224c34bf76a93409c62fd15f8e0e523fc8703db2b63f99aa59d37d56d950d2f36bf00550bf0eb8a6552c');
INSERT INTO public.unlock_rounds VALUES ('01M8FJMHPP8S76PMCKJK5J0JCW', 'f322fec0cffd109673053dbdc52a651f88ae5f1306e7aa83ec64eb9dbb042ed9', '\x01731efc1257ecfe2455ff420c8c0afdae41409166191505d35034eeb8552f57242fa3e77d906e66f9a91969244c537bdfd0f48fc364c09ad78b3376bef2e8e40dc9edd58be9185f4aa717221c9ed80a0362a6c3cd9fd8c11f852608f67b420980b9a920010859875149dea2571e78b264354a28b903ddf069c1de8eb782b6ae35b5bd451ddc3a38106e8a8755e7');
INSERT INTO public.unlock_rounds VALUES ('01M8FJMHPP8S76PMCKJK5J0JCW', '64eb63dcdd82ae1b8ae9883b2b52553304b2f85af5d6ff3588c8b52f59d65d5a', '\x01731efc1257ecfe245b79590188df5177d67e4f8c689fbcac8377659f55128ab54ea52c8b7d42178126893bc090c5e2a9537215f7e23b2f986a14c3e0ac1ba9a7d121cf3eddf806d2381154601f64ba6696e51b7df5b236205e85a2e3037c235ddd437c3a90cb00');


--
-- Data for Name: unlocks; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.unlocks VALUES ('01M8FJMHPP8S76PMCKJK5J0JCW', 'OLD1', 1, 'done', '\xff54c0c06f6d7ff0862e0d0920dabd26a116f0c7f00150d541412318887d3645', 5, 1795819193988, 1795819793988, '\x7576e6a6a4400ba1768a09f5952df1547cc2dbe4d7b785ba363f13e834ae438c', '\x6a812931a3cf0b98d554ecb01fe685400ed675080be01916bb5ad98a0572a811', 1795819194425, 1, 2, '\x01731efc1257ecfe246b06f5ea1dba03e10d696a7a8d5136fd33001dc39528d4a8a54315be66b83f7fdf7968b54eeb88a3', 1, 0, 1, 'rotated', '127.0.0.1', 1795819194654, 'phone');
INSERT INTO public.unlocks VALUES ('01M8FJMJEDYAADSZTF4BV06YXQ', 'OLD2', 1, 'open', '\x82f7ae1e2727285e30c90f42a24f08c3ffaeeef44e271298620acbe76e550689', 5, 1795819194765, 1795819794765, '\xdc35af739afd9aea0421f2a09b15926433999d4e6f75d768e8ea182e4ebfd457', NULL, 0, 0, 0, NULL, 0, 0, 0, 'begin', '127.0.0.1', 0, 'phone');


--
-- Data for Name: uploads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.uploads VALUES ('b39cb31dba2c19fcbf6fcf3af96614c4ae9f9e01bce3decc188d18bafe0d2d6b', 'image/png', 120, 1795819215041);
INSERT INTO public.uploads VALUES ('1dba594deed819d8a0c275cd6525a43072a490113ba704fa51104e41762056c8', 'image/png', 130, 1795819215106);
INSERT INTO public.uploads VALUES ('e7782de758f7cf18ce64858ee055fbdbb6b7610cfbfec5b03e5cc94fa71fb8cb', 'image/png', 129, 1795819215281);
INSERT INTO public.uploads VALUES ('9fa4db8ecf3bdd28bef60ec1e53f448ff5427762b47d02bb97b9d55ff9156955', 'image/png', 123, 1795819215377);
INSERT INTO public.uploads VALUES ('d836b6399870fbdfd64dbaf994ebd42cbcc91d47756c1dc07310cda0f205afad', 'application/pdf', 166, 1795819219126);
INSERT INTO public.uploads VALUES ('3876da6cb1d0837407845ee63255889c02ed7468469935b15946d2858bb56e74', 'application/ofd', 39, 1795819219130);
INSERT INTO public.uploads VALUES ('27b526b3f2a263f1fffbe2725c2687539b076d1c4b3ca0c54308258397b5a61f', 'application/xml', 99, 1795819219139);
INSERT INTO public.uploads VALUES ('9683e0ca0b44bb4e061e2322c9f5519f065976e2089565031d760dc5e029a32e', 'image/png', 120, 1795819219741);
INSERT INTO public.uploads VALUES ('5aab58851f3bc7526e2c4e5af8678098aeaf50883a4f3669232d965a05dea645', 'image/png', 130, 1795819219824);
INSERT INTO public.uploads VALUES ('8241cb87cc4c408c1ea94ac8fb1344421b59d76827125b9a164b02969169d945', 'image/png', 129, 1795819219931);
INSERT INTO public.uploads VALUES ('9413f515406cc7efc38a9dd9a602256217c23f52ae322ffbe6d536812f722bec', 'image/png', 123, 1795819219979);


--
-- Data for Name: verifications; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.verifications VALUES ('01M8FJN5W4DBB1R3JM1ZMNYXXX', '01M8FJN58VCN9AVP3RCTTE3EVS', 'verify', 'phone', 'done', '01M8FJN5X3N9W6EFW0ZG2F526H', 0, 1795819214718, 1795819814755);
INSERT INTO public.verifications VALUES ('01M8FJN6J85NA0PAXTVRJK1TPT', '01M8FJN58VCN9AVP3RCTTE3EVS', 'sign', 'phone', 'done', '01M8FJN6J9HW1KR449GW0JP83W', 0, 1795819215430, 1795819815430);
INSERT INTO public.verifications VALUES ('01M8FJNAG5GADJTTPN2NE70SVX', '01M8FJNAACH6HPP4YM5DS7XNFN', 'verify', 'phone', 'done', '01M8FJNAGHPC06P25M6QVRDSW7', 0, 1795819219458, 1795819819472);
INSERT INTO public.verifications VALUES ('01M8FJNB3PJYVRNZ6Z0VKYBVT4', '01M8FJNAACH6HPP4YM5DS7XNFN', 'sign', 'phone', 'done', '01M8FJNB3QHE5STGXDF2YDRZQS', 0, 1795819220085, 1795819820085);
INSERT INTO public.verifications VALUES ('01M8FJNBVC4C36TGTGYWXJN32Y', '01M8FJNBS6P34SRA63BVXCQY6C', 'verify', 'transfer', 'void', '01M8FJNBVCQSXFFSBPG2XQ28H7', 0, 1795819220826, 1796078420826);
INSERT INTO public.verifications VALUES ('01M8FJNBW91NZDRJGJM8TSZSCQ', '01M8FJNBS6P34SRA63BVXCQY6C', 'verify', 'phone', 'sent', '01M8FJNBWMGQKWHR8755A48Y8M', 0, 1795819220863, 1795819820883);


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
-- Name: unlock_documents unlock_documents_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_documents
    ADD CONSTRAINT unlock_documents_pkey PRIMARY KEY (unlock_id, kind);


--
-- Name: unlock_reviews unlock_reviews_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_reviews
    ADD CONSTRAINT unlock_reviews_pkey PRIMARY KEY (unlock_id);


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
-- Name: audit_wrong_amount; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_wrong_amount ON public.audit USING btree (object) WHERE (action = 'order.wrong-amount'::text);


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

CREATE INDEX certificates_revoked ON public.certificates USING btree (algorithm, not_after, revoked_at, id) WHERE (state = 'revoked'::text);


--
-- Name: codes_expired; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX codes_expired ON public.codes USING btree (expires_at);


--
-- Name: codes_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX codes_subject ON public.codes USING btree (purpose, subject, created_at);


--
-- Name: customer_sessions_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customer_sessions_expires ON public.customer_sessions USING btree (expires_at);


--
-- Name: documents_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX documents_digest ON public.documents USING btree (digest);


--
-- Name: idempotency_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_expires ON public.idempotency USING btree (expires_at);


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
-- Name: limits_until; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX limits_until ON public.limits USING btree (until);


--
-- Name: nonces_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX nonces_expires ON public.nonces USING btree (expires_at);


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

CREATE UNIQUE INDEX orders_open ON public.orders USING btree (old_certificate) WHERE ((old_certificate <> ''::text) AND (state <> 'DONE'::text) AND (state <> 'CANCELLED'::text) AND (state <> 'EXPIRED'::text) AND (state <> 'REFUNDED'::text));


--
-- Name: orders_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_state ON public.orders USING btree (state, expires_at);


--
-- Name: outbox_back; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_back ON public.outbox USING btree (state, next_at) WHERE ((state = 'pending'::text) AND ((attempts > 0) OR (next_at <= created_at)));


--
-- Name: outbox_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_due ON public.outbox USING btree (state, next_at);


--
-- Name: productions_begun; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX productions_begun ON public.productions USING btree (serial) WHERE (state = 'begun'::text);


--
-- Name: productions_history; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX productions_history ON public.productions USING btree (order_id, begun_at);


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
-- Name: sessions_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_expires ON public.sessions USING btree (expires_at);


--
-- Name: staff_sessions_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX staff_sessions_expires ON public.staff_sessions USING btree (expires_at);


--
-- Name: staff_sessions_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX staff_sessions_name ON public.staff_sessions USING btree (name);


--
-- Name: unlock_documents_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unlock_documents_digest ON public.unlock_documents USING btree (digest);


--
-- Name: unlock_reviews_over; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unlock_reviews_over ON public.unlock_reviews USING btree (over_at) WHERE (contact_sealed IS NOT NULL);


--
-- Name: unlock_reviews_queue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unlock_reviews_queue ON public.unlock_reviews USING btree (state, due_at);


--
-- Name: unlocks_pins; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unlocks_pins ON public.unlocks USING btree (first_at) WHERE (pin_sealed IS NOT NULL);


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
-- Name: unlock_documents unlock_documents_digest_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_documents
    ADD CONSTRAINT unlock_documents_digest_fkey FOREIGN KEY (digest) REFERENCES public.uploads(digest);


--
-- Name: unlock_documents unlock_documents_unlock_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_documents
    ADD CONSTRAINT unlock_documents_unlock_id_fkey FOREIGN KEY (unlock_id) REFERENCES public.unlocks(id);


--
-- Name: unlock_reviews unlock_reviews_unlock_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unlock_reviews
    ADD CONSTRAINT unlock_reviews_unlock_id_fkey FOREIGN KEY (unlock_id) REFERENCES public.unlocks(id);


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

\unrestrict Z18XG9trFhpMxMjPLLQ33IgKtUgtdQ4brfM9ctneKFIsTXZY2586r2JI0HlFEdZ

