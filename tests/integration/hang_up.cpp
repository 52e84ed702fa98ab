// SIGHUP: secrets and the log's level are read anew; nothing else is.

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <array>
#include <future>

#include "operator.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::text_at;

struct renewed : test::operated {
    static constexpr auto other_token = "another-token-0123456789";
    static constexpr auto other_key = "anotherkey0anotherkey0anotherkey";
    static constexpr auto other_admin = "another-operator-0123456789";
    int reloads = 0;

    renewed() {
        for (auto const* name : {"MOESIF_TOKEN", "SEGMENT_WRITE_KEY", "ADMIN_TOKEN", "ADMIN_VIEWER_TOKEN"}) {
            environment.erase(std::string{"TRAITSYNC_"} + name);
        }
        environment.erase("TRAITSYNC_LOG_FORMAT");
        write("token", token);
        write("key", write_key);
        write("admin", admin_token);
        write("viewer", viewer_token);
        configure("info");
        environment["TRAITSYNC_LOG_FORMAT"] = "json";
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    }
    ~renewed() {
        if (!service) return;
        auto const written = service->errors() + service->output();
        for (auto const* secret : {other_token, other_key, other_admin})
            BOOST_TEST(written.find(secret) == std::string::npos, "a secret was printed");
    }
    void write(std::string const& name, std::string const& text) { folder.write(name, text + "\n"); }
    void configure(std::string const& level, std::string const& more = "") {
        auto const in = [&](char const* name) { return (folder / name).string(); };
        folder.write(
            "traitsync.toml",
            fmt::format("[moesif]\ntoken_file = \"{}\"\n[segment]\nwrite_key_file = \"{}\"\n[admin]\ntoken_file = "
                        "\"{}\"\nviewer_token_file = \"{}\"\n[log]\nlevel = \"{}\"\n{}",
                        in("token"), in("key"), in("admin"), in("viewer"), level, more));
    }
    void go() { start({"run", "-c", (folder / "traitsync.toml").string()}); }
    int count(std::string const& event) const {
        auto const log = service->errors();
        int n = 0;
        for (auto at = log.find("\"event\":\"" + event + "\""); at != std::string::npos;
             at = log.find("\"event\":\"" + event + "\"", at + 1)) {
            ++n;
        }
        return n;
    }
    // A signal, until its effect stands in the log.
    void hang_up(std::string const& event = "reloaded") {
        auto const before = count(event);
        service->signal(SIGHUP);
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (count(event) == before) {
            BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < end && service->running(), service->errors());
            std::this_thread::sleep_for(5ms);
        }
    }
    static std::string first_line(std::filesystem::path const& path) {
        std::ifstream file{path};
        std::string line;
        std::getline(file, line);
        return line;
    }
    bool may(std::string const& token_text) const {
        return api->with_token(token_text).get("/v1/status").status == 200;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hang_up, renewed)

BOOST_AUTO_TEST_CASE(another_moesif_token_ends_a_block_at_once) {
    write("token", other_token);
    put_users(2, "x");
    go();
    eventually("blocked", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "blocked"; });
    write("token", token);
    hang_up();
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 2U);
    BOOST_TEST(text_at(get("/v1/status"), "state") == "running");
    hang_up();
    BOOST_TEST(count("listening") == 1);
    BOOST_TEST(count("started") == 1);
}

BOOST_AUTO_TEST_CASE(another_write_key_is_another_destination_until_the_operator_says_what_it_is) {
    put_users(5, "x");
    go();
    settle();
    // On its way under the old key when the new one comes.
    demo::segment_faults slow;
    slow.slow = 1;
    slow.slow_for = 500ms;
    segment.set_faults(slow);
    put(0, R"(,"email":"first@example.com")");
    BOOST_REQUIRE(segment.wait_for(20s, [](demo::segment_counts const& c) { return c.distinct_messages == 6U; }));
    write("key", other_key);
    hang_up();
    segment.set_faults({});
    eventually("blocked", [&] {
        auto const status = api->get("/v1/status").body;
        return status.find("destination_changed") != std::string::npos && status.find("say once") != std::string::npos;
    });
    eventually("the answer counted", [&] { return queue("offered") == 0; });
    put(1, R"(,"email":"second@example.com")");
    pull();
    BOOST_TEST(queue("waiting") == 1);
    BOOST_TEST(segment.counts().distinct_messages == 6U);
    post("/v1/destination", R"({"action":"keep"})", 200);
    eventually("delivered", [&] { return trait_of(1, "email") == R"("second@example.com")"; });
    BOOST_TEST(segment.counts().distinct_messages == 7U);
    // Again another one: this time it is another source.
    segment.set_faults({.unavailable = 1});
    put(2, R"(,"email":"third@example.com")");
    eventually("offered", [&] { return queue("offered") == 1; });
    write("key", "thirdkey00thirdkey00thirdkey0000");
    hang_up();
    eventually("blocked", [&] { return api->get("/v1/status").body.find("say once") != std::string::npos; });
    segment.set_faults({});
    BOOST_TEST(segment.violations().empty());
    segment.forget();  // another source
    post("/v1/destination", R"({"action":"resend"})", 200);
    settle();
    BOOST_TEST(trait_of(2, "email") == R"("third@example.com")");
    BOOST_TEST(segment.counts().distinct_messages == 5U, "each of the five once");
    BOOST_TEST(segment.violations().empty());
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
}

BOOST_AUTO_TEST_CASE(the_old_write_key_back_in_time_needs_no_decision) {
    put_users(2, "x");
    go();
    settle();
    write("key", other_key);
    hang_up();
    eventually("blocked", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
    write("key", write_key);
    hang_up();
    put(1, R"(,"email":"second@example.com")");
    eventually("delivered", [&] { return trait_of(1, "email") == R"("second@example.com")"; });
    post("/v1/destination", R"({"action":"keep"})", 409);
}

BOOST_AUTO_TEST_CASE(a_third_write_key_waits_until_what_was_decided_about_the_second_is_stored) {
    put_users(2, "x");
    go();
    settle();
    write("key", other_key);
    hang_up();
    eventually("blocked", [&] { return api->get("/v1/status").body.find("say once") != std::string::npos; });
    // Nothing can be stored meanwhile.
    SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE, 5000};
    db.exec("BEGIN IMMEDIATE");
    auto const decide = [&] {
        auto const keep = [client = *api] { return client.post("/v1/destination", R"({"action":"keep"})").status; };
        return std::async(std::launch::async, keep);
    };
    // The second one is refused because the first one is being carried out.
    std::array decisions{decide(), decide()};
    auto const is_over = [](std::future<int> const& d) { return d.wait_for(0s) == std::future_status::ready; };
    eventually("being carried out", [&] { return std::ranges::any_of(decisions, is_over); });
    if (!is_over(decisions[0])) std::swap(decisions[0], decisions[1]);
    BOOST_TEST(decisions[0].get() == 409);
    write("key", "thirdkey00thirdkey00thirdkey0000");
    hang_up();
    db.exec("ROLLBACK");
    BOOST_TEST(decisions[1].get() == 200);
    eventually("blocked again", [&] { return api->get("/v1/status").body.find("say once") != std::string::npos; });
    auto const sent = segment.counts().distinct_messages;
    put(1, R"(,"email":"second@example.com")");
    pull();
    BOOST_TEST(queue("waiting") == 1);
    BOOST_TEST(segment.counts().distinct_messages == sent, "nobody said what the third one is");
}

BOOST_AUTO_TEST_CASE(tokens_of_the_api_are_replaced_and_removed) {
    go();
    settle();
    write("admin", other_admin);
    hang_up();
    BOOST_TEST(!may(admin_token));
    BOOST_TEST(may(other_admin));
    BOOST_TEST(may(viewer_token));
    write("viewer", "another-viewer-0123456789");
    hang_up();
    BOOST_TEST(!may(viewer_token));
    BOOST_TEST(may("another-viewer-0123456789"));
}

BOOST_AUTO_TEST_CASE(where_a_secret_comes_from_now_is_told) {
    configure("info");
    folder.write("traitsync.toml", fmt::format("[moesif]\ntoken_file = \"{0}/token\"\n[segment]\nwrite_key_file = "
                                               "\"{0}/key\"\n[admin]\ntoken_file = \"{0}/admin\"\n",
                                               folder.path().string()));
    go();
    auto const origin = [&] {
        auto const all = get("/v1/config");
        for (auto const& item : all.at("items").as_array()) {
            if (text_at(item, "key") == "admin.viewer_token") return text_at(item, "origin");
        }
        return std::string{};
    };
    BOOST_TEST(origin() == "default");
    configure("info");
    hang_up();
    BOOST_TEST(may(viewer_token));
    BOOST_TEST(test::has(origin(), "traitsync.toml:"), origin());
}

BOOST_AUTO_TEST_CASE(a_bad_file_leaves_everything_as_it_is_and_says_so) {
    put_users(1, "x");
    go();
    settle();
    write("admin", other_admin);
    folder.write("key", "two words\n");
    hang_up("reload_failed");
    BOOST_TEST(service->errors().find("holds a blank") != std::string::npos);
    BOOST_TEST(may(admin_token), "all or nothing");
    std::filesystem::remove(folder / "key");
    hang_up("reload_failed");
    folder.write("traitsync.toml", "[moesif\n");
    hang_up("reload_failed");
    put(0, R"(,"email":"still@example.com")");
    eventually("delivered", [&] { return trait_of(0, "email") == R"("still@example.com")"; });
    BOOST_TEST(may(admin_token));
}

BOOST_AUTO_TEST_CASE(the_level_of_the_log_changes_and_other_settings_wait_for_the_next_start) {
    put_users(1, "x");
    go();
    settle();
    BOOST_TEST(count("pass_started") == 0);
    configure("debug", "[traits]\nbrake_min = 7\n");
    hang_up("reload_partial");
    BOOST_TEST(service->errors().find("\"settings\":\"traits.brake_min\"") != std::string::npos, service->errors());
    pull();
    eventually("debug lines", [&] { return count("pass_started") > 0; });
    BOOST_TEST(api->get("/v1/config").body.find("\"debug\"") != std::string::npos);
    configure("warn");
    auto const before = count("reloaded");
    service->signal(SIGHUP);
    eventually("quiet", [&] { return api->get("/v1/config").body.find("\"warn\"") != std::string::npos; });
    BOOST_TEST(count("reloaded") == before, "the line about it is below the new level");
}

BOOST_AUTO_TEST_CASE(what_is_made_beside_the_store_stays_beside_the_one_in_use) {
    auto const configured = [&](std::string const& more) {
        auto const in = [&](char const* name) { return (folder / name).string(); };
        folder.write("traitsync.toml", fmt::format("[moesif]\ntoken_file = \"{}\"\n[segment]\nwrite_key_file = "
                                                   "\"{}\"\n{}",
                                                   in("token"), in("key"), more));
    };
    auto const path = environment.extract("TRAITSYNC_STORE_PATH").mapped();
    configured(fmt::format("[store]\npath = \"{}\"\n", path));
    go();
    auto const made = first_line(std::filesystem::path{path}.parent_path() / "admin.token");
    BOOST_TEST(may(made));
    std::filesystem::create_directory(folder / "later");
    write("later/admin.token", other_admin);
    configured(fmt::format("[store]\npath = \"{}\"\n[alerts]\nwebhook_url = \"http://127.0.0.1:1/\"\n",
                           (folder / "later" / "store.db").string()));
    hang_up("reload_partial");
    BOOST_TEST(test::has(service->errors(), "store.path"), service->errors());
    BOOST_TEST(may(made));
    BOOST_TEST(!may(other_admin));
    BOOST_TEST(!std::filesystem::exists(folder / "later" / "alerts.secret"));
}

BOOST_AUTO_TEST_CASE(a_viewer_token_that_is_the_made_admin_token_is_taken_neither_then_nor_at_a_start) {
    auto const in = [&](char const* name) { return (folder / name).string(); };
    folder.write("traitsync.toml", fmt::format("[moesif]\ntoken_file = \"{}\"\n[segment]\nwrite_key_file = \"{}\"\n"
                                               "[admin]\nviewer_token_file = \"{}\"\n",
                                               in("token"), in("key"), in("viewer")));
    go();
    auto const made = first_line(folder / "admin.token");
    BOOST_TEST(may(made));
    BOOST_TEST(may(viewer_token));
    write("viewer", made);
    hang_up("reload_failed");
    BOOST_TEST(test::has(service->errors(), "so a viewer could do everything"), service->errors());
    BOOST_TEST(may(viewer_token));
    BOOST_TEST(api->with_token(made).post("/v1/pause", R"({"scope":"pull"})").status == 200);
    stop();
    for (auto const* command : {"run", "check"}) {
        auto const refused = test::run(options({command, "-c", in("traitsync.toml")}));
        BOOST_TEST(refused.state.code == 2, command);
        BOOST_TEST(test::has(refused.errors, "so a viewer could do everything"), refused.errors);
    }
}

BOOST_AUTO_TEST_SUITE_END()
