// What stays of a person in the store's files, through the real binary.

#include <sys/stat.h>

#include "operator.hpp"
#include "support/scripted_server.hpp"
#include "traitsync/core/sha256.hpp"

namespace {
using namespace traitsync;
using test::number_at;
using test::operated;
using test::text_at;

struct private_store : operated {
    // Everything in the store's folder as bytes: the file and, where it exists, its log.
    std::string raw() const {
        std::string all;
        for (auto const* name : {"store.db", "store.db-wal"}) {
            std::ifstream file{folder / name, std::ios::binary};
            all.append(std::istreambuf_iterator<char>{file}, {});
        }
        return all;
    }
    bool holds(std::string const& marker) const { return raw().find(marker) != std::string::npos; }
    test::finished command(std::vector<std::string> words) const {
        auto o = options(std::move(words));
        o.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(api->port());
        return test::run(std::move(o));
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(privacy, private_store)

BOOST_AUTO_TEST_CASE(a_forgotten_person_leaves_no_text_in_the_files_and_never_comes_back_until_allowed) {
    // Enough neighbours that pages are split and rewritten around the person.
    put_users(400, "x");
    put(7, R"(,"email":"Marker-One@example.com","name":"Marker-One Person","metadata":{"plan":"marker-one-plan"})");
    start();
    settle();
    put(7, R"(,"email":"marker-one@example.com","name":"Marker-One Second","metadata":{"plan":"marker-one-plan-b"})");
    pull();
    settle();
    post("/v1/replays", R"({"user_ids":["user00007"],"dry_run":true})", 200);
    auto const preview = command({"replay", "--user", "user00007", "--dry-run"});
    BOOST_TEST(preview.state.code == 0);
    // Another document that claims the same id stands in quarantine with its raw text.
    moesif.put_user("other-document", R"({"user_id":"user00007","name":"marker-one twin"})", clock - 1000);
    pull("full");
    BOOST_REQUIRE(holds("marker-one"));

    auto const done = command({"forget", "user00007"});
    BOOST_TEST(done.state.code == 0, done.errors);
    BOOST_TEST(done.output.find("1 profile, 2 messages") != std::string::npos, done.output);
    BOOST_TEST(done.output.find("1 quarantined") != std::string::npos, done.output);
    for (auto const* marker : {"marker-one", "Marker-One", "user00007"}) BOOST_TEST(!holds(marker), marker);
    BOOST_TEST(holds("user00008"));

    auto const asked = api->get("/v1/profiles/user00007");
    BOOST_TEST(asked.status == 404);
    BOOST_TEST(asked.body.find("forgotten") != std::string::npos, asked.body);
    BOOST_TEST(api->get("/v1/profiles/user00007/explain").status == 404);
    auto const sent = segment.counts().distinct_messages;
    put(7, R"(,"name":"marker-one third")");
    pull("full");
    restart();
    pull();
    settle();
    BOOST_TEST(segment.counts().distinct_messages == sent);
    BOOST_TEST(number_at(get("/v1/runs").at("items").at(1), "forgotten") == 2, "both documents");
    BOOST_TEST(number_at(get("/v1/status").at("moesif"), "users") == 399);
    BOOST_TEST(!holds("marker-one"));

    BOOST_TEST(command({"forget", "user00007", "--allow"}).state.code == 0);
    BOOST_TEST(command({"forget", "user00007", "--allow"}).state.code == 1, "nobody is forgotten any more");
    eventually("the person is back", [&] { return segment.counts().distinct_messages == sent + 1; });
    BOOST_TEST(api->get("/v1/profiles/user00007").status == 200);
}

BOOST_AUTO_TEST_CASE(neither_a_cursor_nor_a_later_question_brings_a_forgotten_id_back) {
    // Each person is the last of a page, one of them of the pass.
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    put_users(12, "x");
    start();
    settle();
    for (auto const* id : {"user00004", "user00011"}) {
        BOOST_TEST(command({"forget", id}).state.code == 0);
        BOOST_TEST(!holds(id), id);
    }
    put(4, R"(,"name":"again")");
    put(11, R"(,"name":"again")");
    pull("full");
    pull();
    post("/v1/replays", R"({"user_ids":["user00004","user00005"],"dry_run":true})", 200);
    post("/v1/replays", R"({"user_ids":["user00004","user00005"]})", 202);
    settle();
    for (auto const* id : {"user00004", "user00011"}) BOOST_TEST(!holds(id), id);
    BOOST_TEST(holds("user00005"));
    auto const replay = get("/v1/replays").at("items").at(0);
    BOOST_TEST(number_at(replay, "profiles") == 1);
    BOOST_TEST(boost::json::serialize(replay).find("(forgotten)") != std::string::npos);
    // Killed behind a page that ended with one of them: it goes on, and nothing is missed.
    service->kill();
    put(5, R"(,"name":"changed")");
    start();
    pull("full");
    settle();
    BOOST_TEST(trait_of(5, "name") == R"("changed")");
    for (auto const* id : {"user00004", "user00011"}) BOOST_TEST(!holds(id), id);
}

BOOST_AUTO_TEST_CASE(a_policy_that_becomes_strict_takes_the_old_clear_text_out_of_the_files) {
    put_users(300, "x");
    moesif.put_company("acme", R"({"company_id":"acme","name":"c","metadata":{"tier":"marker-six"}})", ++clock);
    for (int i = 0; i < 40; ++i) {
        put(i,
            fmt::format(
                R"(,"company_id":"acme","email":"marker-three-{}@example.com","name":"marker-four-{}","metadata":{{"plan":"marker-five","open":"stays"}})",
                i, i));
    }
    // Two documents with one id: one of them is quarantined, with its text.
    moesif.put_user("twin", R"({"user_id":"user00003","email":"marker-three-q@example.com","name":"marker-four-q"})",
                    clock - 100'000);
    start();
    settle();
    BOOST_REQUIRE(number("SELECT count(*) FROM quarantine WHERE instr(raw, 'marker-three') > 0") == 1);
    for (int i = 0; i < 20; ++i)
        put(i,
            fmt::format(
                R"(,"company_id":"acme","email":"marker-three-b{}@example.com","name":"marker-four-b","metadata":{{"plan":"marker-five-b"}})",
                i));
    pull();
    settle();
    for (auto const* marker : {"marker-three", "marker-four", "marker-five", "marker-six"})
        BOOST_REQUIRE(holds(marker));
    stop();
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=hash,name=never,metadata.plan=never,company.metadata=never";
    start();
    for (std::string const marker : {"marker-six", "marker-five", "marker-four", "marker-three"}) {
        eventually("no " + marker, [&] { return !holds(marker); });
    }
    BOOST_TEST(holds("stays"));
    settle();
    pull("full");
    settle();
    for (auto const* marker : {"marker-three", "marker-four", "marker-five", "marker-six"})
        BOOST_TEST(!holds(marker), marker);
    BOOST_TEST(trait_of(3, "email").find("@") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_hidden_from_the_start_is_never_in_the_files_whatever_becomes_of_its_profile) {
    environment["TRAITSYNC_TRAITS_POLICY"] =
        "email=hash,name=never,username=never,metadata.plan=never,metadata.card=hash,company.metadata=never,campaign="
        "never";
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "7";
    auto const person = [&](int i, std::string const& round) {
        put(i, fmt::format(
                   R"(,"company_id":"acme","email":"Marker-e{0}@example.com","name":"marker-n","user_name":"marker-u",)"
                   R"("metadata":{{"plan":"marker-p{1}","card":"marker-c{1}","open":"stays{1}"}},)"
                   R"("campaign":{{"utm_source":"marker-s"}})",
                   i, round));
    };
    moesif.put_company("acme", R"({"company_id":"acme","name":"c","metadata":{"tier":"marker-t"}})", ++clock);
    for (int i = 0; i < 60; ++i) person(i, "one");
    moesif.put_user("twin", R"({"user_id":"user00003","email":"marker-q@example.com","metadata":{"plan":"marker-q"}})",
                    clock - 100'000);
    segment.set_refuse([](std::string_view user, std::string_view) { return user == "user00005"; });
    start();
    settle();
    BOOST_TEST(number("SELECT count(*) FROM quarantine") == 1);
    auto const hides = [&](char const* when) {
        auto const all = raw();
        for (auto const* marker : {"marker", "Marker"})
            BOOST_TEST(all.find(marker) == std::string::npos, when << marker);
    };
    hides("first sync");
    BOOST_TEST(holds("stays"));
    for (int i = 0; i < 60; ++i) person(i, "two");
    moesif.remove_user(user_key(9));
    pull("full");
    settle();
    post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    post("/v1/replays", R"({"user_ids":["user00001"]})", 202);
    get("/v1/profiles?q=marker");
    settle();
    hides("changes, a dead letter, a gone profile, a replay");
    // A hash is the value's own.
    BOOST_TEST(trait_of(1, "email") == "\"" + sha256_hex("Marker-e1@example.com") + "\"");
    service->kill();
    hides("a kill");
    start();
    settle();
    auto const copied = test::run(options({"backup", (folder / "copy.db").string()}));
    BOOST_TEST(copied.state.code == 0);
    std::ifstream copy{folder / "copy.db", std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{copy}, {}};
    BOOST_TEST(bytes.find("marker") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_on_its_way_is_not_offered_again) {
    segment.set_refuse({});
    environment["TRAITSYNC_SEGMENT_URL"] = "http://127.0.0.1:1";
    put(0, R"(,"name":"marker-two")");
    put(1, R"(,"name":"somebody else")");
    start();
    eventually("offered", [&] { return queue("offered") == 2; });
    auto const answer = post("/v1/profiles/user00000/forget", "{}", 200);
    BOOST_TEST(number_at(answer, "may_have_arrived") == 1);
    BOOST_TEST(answer.at("scrubbed").as_bool());
    BOOST_TEST(!holds("marker-two"));
    BOOST_TEST(queue("offered") == 1);
    stop();
    environment["TRAITSYNC_SEGMENT_URL"] = segment.url();
    start();
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 1);
    BOOST_TEST(trait_of(1, "name") == "\"somebody else\"");
}

BOOST_AUTO_TEST_CASE(what_was_on_its_way_is_not_repeated_on_another_connection) {
    test::scripted_server deaf;  // its first answer is Segment's, then it keeps still
    deaf.answer({});
    deaf.answer(test::scripted_answer::silence());
    environment["TRAITSYNC_SEGMENT_URL"] = deaf.url();
    environment["TRAITSYNC_SEGMENT_CONCURRENCY"] = "1";
    put(0, R"(,"name":"first")");
    start();
    settle();
    put(0, R"(,"name":"second")");
    pull();
    BOOST_REQUIRE(deaf.wait_for_requests(2));
    BOOST_TEST(number_at(post("/v1/profiles/user00000/forget", "{}", 200), "may_have_arrived") == 1);
    deaf.drop_connections();
    put(1, R"(,"name":"somebody else")");
    pull();
    BOOST_REQUIRE(deaf.wait_for_requests(3));
    auto const seen = deaf.requests();
    BOOST_TEST(seen[1].body.find("user00000") != std::string::npos);
    for (std::size_t i = 2; i < seen.size(); ++i) BOOST_TEST(seen[i].body.find("user00000") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_goes_with_whom_it_names_and_not_with_whose_id_reads_like_a_part_of_it) {
    put_users(3, "x");
    for (auto const* id : {"1", "running", "all", "email"}) {
        moesif.put_user(fmt::format("doc-{}", id), fmt::format(R"({{"user_id":"{}","name":"A"}})", id), ++clock);
    }
    start();
    settle();
    auto const ask = [&](std::string const& body, std::string const& key) {
        auto const reply = api->post("/v1/replays", body, {{"Idempotency-Key", key}});
        BOOST_TEST(reply.status == 202, reply.body);
        return text_at(reply.json(), "id");
    };
    auto const of_all = R"({"all":true,"traits":["email"]})";
    auto const of_two = R"({"user_ids":["user00001","user00002"]})";
    auto const first = ask(of_all, "k-all");
    BOOST_REQUIRE(first == "1");
    auto const named = ask(of_two, "k-two");
    eventually("done", [&] { return text_at(get("/v1/replays/" + named), "state") == "done"; });
    for (auto const* id : {"1", "running", "all", "email"}) post(fmt::format("/v1/profiles/{}/forget", id), "", 200);
    BOOST_TEST(ask(of_all, "k-all") == first, "not a second time");
    BOOST_TEST(ask(of_two, "k-two") == named);
    BOOST_TEST(boost::json::serialize(get("/v1/replays/1").at("selector")) == of_all);
    post("/v1/profiles/user00001/forget", "", 200);
    BOOST_TEST(!holds("user00001"));
    std::string const without = R"json({"user_ids":["(forgotten)","user00002"]})json";
    auto const left = boost::json::serialize(get("/v1/replays/" + named).at("selector"));
    BOOST_TEST(left == without);
    BOOST_TEST(ask(of_two, "k-two") != named);
    BOOST_TEST(ask(of_all, "k-all") == first);
}

BOOST_AUTO_TEST_CASE(a_viewer_may_not_have_a_person_forgotten) {
    put_users(2, "x");
    start();
    settle();
    test::api_client const viewer{api->port(), viewer_token};
    BOOST_TEST(viewer.post("/v1/profiles/user00001/forget", "{}").status == 403);
    BOOST_TEST(api->get("/v1/profiles/user00001").status == 200);
}

BOOST_AUTO_TEST_CASE(all_files_are_private_whatever_the_umask) {
    put_users(5, "x");
    environment.erase("TRAITSYNC_ADMIN_TOKEN");
    environment["TRAITSYNC_ALERTS_WEBHOOK_URL"] = "http://127.0.0.1:1/";
    auto const before = ::umask(0);
    start();
    api = std::make_unique<test::api_client>(api->port(), [&] {
        std::ifstream file{folder / "admin.token"};
        std::string made;
        std::getline(file, made);
        return made;
    }());
    settle();
    auto const copied = test::run(options({"backup", (folder / "copy.db").string()}));
    ::umask(before);
    BOOST_TEST(copied.state.code == 0, copied.errors);
    for (auto const* name :
         {"store.db", "store.db-wal", "store.db-shm", "store.db.lock", "admin.token", "alerts.secret", "copy.db"}) {
        struct stat info {};
        BOOST_REQUIRE_MESSAGE(::stat((folder / name).c_str(), &info) == 0, name);
        BOOST_TEST((info.st_mode & 0777) == 0600, name);
    }
}

BOOST_AUTO_TEST_CASE(forgetting_a_person_takes_nobody_with_them_who_is_only_mentioned) {
    auto const deep = [] {
        std::string text = "1";
        for (int i = 0; i < 70; ++i) text = "{\"a\":" + text + "}";
        return text;
    }();
    put(1, R"(,"email":"a@example.com")");
    // Two that cannot be stored: one of somebody else, one of the person who is to be forgotten next.
    put(2, R"(,"referred_by":"user00001","metadata":)" + deep);
    put(3, R"(,"metadata":)" + deep);
    start();
    settle();
    eventually("in quarantine", [&] { return get("/v1/quarantine").at("items").as_array().size() == 2; });
    BOOST_TEST(get("/v1/profiles/" + user_key(1)).at("quarantined").is_null(), "a mention is not a document");
    BOOST_TEST(text_at(explain(1, "email"), "reason").find("quarantine") == std::string::npos);
    BOOST_TEST(api->get("/v1/profiles/" + user_key(3)).body.find("in quarantine") != std::string::npos);
    for (int const i : {1, 3}) post("/v1/profiles/" + user_key(i) + "/forget", "", 200);
    BOOST_TEST(get("/v1/quarantine").at("items").as_array().empty(), "their texts name the person");
    for (int const i : {2, 3}) put(i, R"(,"referred_by":"user00001","email":"mended@example.com")");
    pull("full");
    settle();
    BOOST_TEST(trait_of(2, "email") == R"("mended@example.com")");
    BOOST_TEST(segment.messages_of(user_key(3)).empty());
    BOOST_TEST(number_at(get("/v1/runs").at("items").at(0), "forgotten") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
