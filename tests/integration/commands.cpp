// The commands that ask the running service, through the real binary and the service's own configuration.

#include "operator.hpp"
#include "support/certificates.hpp"
#include "support/scripted_server.hpp"

namespace {
using namespace traitsync;
using test::operated;
using test::text_at;

struct commanded : operated {
    test::finished command(std::vector<std::string> words) const {
        auto o = options(std::move(words));
        // As the service's environment, but for where it listens: that port was free choice.
        o.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(api->port());
        return test::run(std::move(o));
    }
    std::string output_of(std::vector<std::string> words) const {
        auto const done = command(std::move(words));
        BOOST_TEST(done.state.code == 0, done.errors);
        return done.output;
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_commands_do, commanded)

BOOST_AUTO_TEST_CASE(they_find_the_service_and_its_token_by_the_same_configuration) {
    put_users(3, "x");
    environment.erase("TRAITSYNC_ADMIN_TOKEN");
    start();
    api = std::make_unique<test::api_client>(api->port(), [&] {
        std::ifstream file{folder / "admin.token"};
        std::string made;
        std::getline(file, made);
        return made;
    }());
    settle();
    BOOST_TEST(output_of({"status"}).find("3 users") != std::string::npos);
    auto const status = boost::json::parse(output_of({"status", "--json"}));
    BOOST_TEST(text_at(status, "state") == "running");
    environment["TRAITSYNC_ADMIN_TOKEN"] = "another-token-0123456";
    auto const refused = command({"status"});
    BOOST_TEST(refused.state.code == 4);
    BOOST_TEST(refused.errors.find("TRAITSYNC_ADMIN_TOKEN") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(they_explain_pause_replay_and_work_on_dead_letters) {
    put_users(3, "x");
    segment.set_refuse([](std::string_view user, std::string_view) { return user == "user00001"; });
    start();
    eventually("a dead letter", [&] { return queue("dead") == 1 && queue("offered") == 0; });
    BOOST_TEST(output_of({"explain", "user00001", "email"}).find("Segment refused it") != std::string::npos);
    BOOST_TEST(output_of({"profiles", "user00000"}).find("u0@example.com") != std::string::npos);
    BOOST_TEST(output_of({"profiles", "--state", "dead"}).find("user00001") != std::string::npos);
    BOOST_TEST(output_of({"dead"}).find("refused") != std::string::npos);
    segment.set_refuse({});
    BOOST_TEST(output_of({"dead", "retry", "--all"}).find("1 dead letters") != std::string::npos);
    eventually("delivered", [&] { return queue("dead") == 0 && queue("waiting") == 0 && queue("offered") == 0; });
    auto const preview = boost::json::parse(output_of({"replay", "--all", "--dry-run", "--json"}));
    BOOST_TEST(preview.at("messages").to_number<int>() == 3);
    auto const sent = segment.counts().distinct_messages;
    BOOST_TEST(command({"replay", "--all"}).state.code == 2, "nobody can be asked, and --yes is missing");
    BOOST_TEST(segment.counts().distinct_messages == sent);
    BOOST_TEST(output_of({"replay", "--user", "user00002", "--yes", "--wait"}).find("done") != std::string::npos);
    BOOST_TEST(segment.counts().distinct_messages == sent + 1);
    BOOST_TEST(output_of({"replay", "list"}).find("user00002") != std::string::npos);
    BOOST_TEST(output_of({"pause", "pull"}).find("Pulling is paused") != std::string::npos);
    BOOST_TEST(command({"pull"}).state.code == 4);
    output_of({"resume"});
    BOOST_TEST(output_of({"pull", "full"}).find("queued") != std::string::npos);
    BOOST_TEST(output_of({"runs"}).find("full") != std::string::npos);
    BOOST_TEST(output_of({"brake"}).find("open") != std::string::npos);
    BOOST_TEST(output_of({"quarantine"}).find("No document") != std::string::npos);
    BOOST_TEST(command({"destination", "keep"}).state.code == 4);
    BOOST_TEST(command({"explain", "nobody"}).state.code == 1);
    // What the service does not take of the arguments is a mistake in using them.
    BOOST_TEST(command({"profiles", "--state", "ded"}).state.code == 2);
    BOOST_TEST(command({"explain", "user00001", "emial"}).state.code == 2);
    BOOST_TEST(command({"dead", "retry", "this-is-no-id"}).state.code == 2);
    BOOST_TEST(command({"replay", "--modified-since", "yesterday", "--yes"}).state.code == 2);
    BOOST_TEST(command({"dead", "retry"}).state.code == 2);
}

BOOST_AUTO_TEST_CASE(a_token_that_no_request_can_carry_is_told_as_that) {
    test::scripted_server other;
    auto const word = [](char const* token) { return std::string{token}; };
    for (auto const& [token, why] : {std::pair{word("first\nsecond"), "holds a line break"},
                                     {word("ends-so\r"), "holds a line break"},
                                     {word("two words"), "holds a blank"},
                                     {word("caf\xc3\xa9"), "holds a character that no token has"}}) {
        environment["TRAITSYNC_ADMIN_TOKEN"] = token;
        auto const done = test::run(options({"status", "--url", other.url()}));
        BOOST_TEST(done.state.code == 2);
        BOOST_TEST(done.errors == fmt::format("traitsync: TRAITSYNC_ADMIN_TOKEN {}\n", why));
    }
    BOOST_TEST(other.requests().empty());
}

BOOST_AUTO_TEST_CASE(without_a_service_they_say_where_they_looked) {
    environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:1";
    auto const lost = test::run(options({"status"}));
    BOOST_TEST(lost.state.code == 3);
    BOOST_TEST(lost.errors.find("127.0.0.1:1") != std::string::npos, lost.errors);
    BOOST_TEST(lost.errors.find("admin.listen") != std::string::npos, lost.errors);
    auto const bash = test::run(options({"completion", "bash"}));
    BOOST_TEST(bash.state.code == 0);
    for (auto const* word : {"explain", "replay", "--dry-run", "quarantine"})
        BOOST_TEST(bash.output.find(word) != std::string::npos, word);
}

BOOST_AUTO_TEST_CASE(another_program_in_the_place_of_the_service_is_told_as_that) {
    test::scripted_server other;
    auto const url = other.url();
    for (auto const* body : {"{}", "[]", "null", R"({"items":[]})", R"({"items":[{}],"next_cursor":null})", "<html>"}) {
        other.always({.body = body});
        for (auto words : std::vector<std::vector<std::string>>{{"status"},
                                                                {"status", "--json"},
                                                                {"profiles"},
                                                                {"profiles", "ada"},
                                                                {"replay", "--all", "--yes"},
                                                                {"replay", "list"},
                                                                {"dead"},
                                                                {"dead", "retry", "--all"},
                                                                {"pull"},
                                                                {"runs"},
                                                                {"quarantine"},
                                                                {"pause"},
                                                                {"brake"},
                                                                {"brake", "release"},
                                                                {"destination", "keep"},
                                                                {"forget", "ada"}}) {
            auto const name = words.front() + " of " + body;
            words.insert(words.end(), {"--url", url});
            auto const ended = test::run(options(std::move(words)));
            BOOST_TEST(ended.state.code == 3, name + ": " + ended.output + ended.errors);
            BOOST_TEST(ended.errors.find(url + " answers, but is not a traitsync service") != std::string::npos,
                       name + ": " + ended.errors);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_path_in_the_url_stands_before_every_path_of_the_api) {
    test::scripted_server proxy;
    proxy.always({.body = R"({"pull_paused":true,"deliver_paused":false})"});
    for (auto const* path : {"/sync", "/sync/", "/sync/v1"}) {
        auto const done = test::run(options({"pause", "pull", "--url", proxy.url(path)}));
        BOOST_TEST(done.state.code == 0, done.errors);
        BOOST_TEST(proxy.requests().back().target == "/sync/v1/pause");
    }
    auto const wrong = test::run(options({"status", "--url", "sync.example.com"}));
    BOOST_TEST(wrong.state.code == 2);
    BOOST_TEST(wrong.errors.find("--url: ") != std::string::npos, wrong.errors);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_reaches_no_service_is_none_reached) {
    test::scripted_server proxy;
    for (auto const& [status, code] : {std::pair{502, 3}, {503, 3}, {504, 3}, {429, 3}, {500, 1}, {401, 4}}) {
        proxy.always({.status = status, .body = "<html>"});
        auto const done = test::run(options({"pause", "pull", "--url", proxy.url()}));
        BOOST_TEST(done.state.code == code, status << ": " << done.errors);
    }
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_replay_is_told_that_it_was_cancelled_in_either_form) {
    for (auto const& [state, code] : {std::pair{"done", 0}, {"cancelled", 1}, {"failed", 1}}) {
        for (bool const json : {false, true}) {
            test::scripted_server service;
            auto const row = fmt::format(
                R"({{"id":"7","state":"{}","profiles":1,"messages":1,"done":0,"estimated_seconds":0}})", state);
            service.answer({.body = R"({"profiles":1,"messages":1,"bytes":9,"estimated_seconds":0,"sample":[],)"
                                    R"("preview_token":"seen"})"});
            service.answer({.status = 202, .body = R"({"id":"7","state":"running"})"});
            service.always({.body = row});
            std::vector<std::string> words{"replay", "--all", "--yes", "--wait", "--url", service.url()};
            if (json) words.emplace_back("--json");
            auto const ended = test::run(options(std::move(words)));
            BOOST_TEST(ended.state.code == code, ended.errors);
            BOOST_TEST(ended.output.find(state) != std::string::npos, ended.output);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_goes_over_the_network_unencrypted_is_warned_of) {
    test::scripted_server service;
    service.always({.body = R"({"pull_paused":true,"deliver_paused":false})"});
    // Not loopback by its name, and still this machine.
    for (auto const& [host, warned] : {std::pair{"0.0.0.0", true}, {"127.0.0.1", false}, {"localhost", false}}) {
        auto const done = test::run(options({"pause", "pull", "--url", service.url("", host)}));
        BOOST_TEST(done.state.code == 0, done.errors);
        BOOST_TEST((done.errors.find("is not encrypted") != std::string::npos) == warned, done.errors);
        BOOST_TEST(done.output.find("warning") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_list_of_several_pages_keeps_every_digit) {
    test::scripted_server pages;
    pages.answer({.body = R"({"items":[{"n":12345678901234567890123},{"n":0.10}],"next_cursor":"61"})"});
    pages.answer({.body = R"({"items":[],"next_cursor":"62"})"});
    pages.answer({.body = R"({"items":[{"n":1e400},{"n":1e-99999999999}],"next_cursor":null})"});
    auto const done = test::run(options({"dead", "--json", "list", "--limit", "1000", "--url", pages.url()}));
    BOOST_TEST(done.state.code == 0, done.errors);
    BOOST_TEST(
        done.output ==
        R"({"items":[{"n":12345678901234567890123},{"n":0.10},{"n":1e400},{"n":1e-99999999999}],"next_cursor":null})"
        "\n");
    BOOST_TEST(pages.requests().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_list_that_ends_at_its_limit_says_so) {
    put_users(5, "x");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    start();
    eventually("dead letters", [&] { return queue("dead") == 5; });
    auto const more = [&](std::vector<std::string> words) {
        auto const done = command(std::move(words));
        BOOST_TEST(done.state.code == 0, done.errors);
        return done.errors;
    };
    BOOST_TEST(more({"dead", "list", "--limit", "4"}) ==
               "There are more than these 4: --limit 40 shows more of them.\n");
    BOOST_TEST(more({"profiles", "--limit", "1"}) == "There are more than these 1: --limit 10 shows more of them.\n");
    BOOST_TEST(more({"dead", "list", "--limit", "5"}) == "");
    BOOST_TEST(more({"dead"}) == "");
    BOOST_TEST(more({"dead", "list", "--limit", "4", "--json"}) == "");
    pull();
    BOOST_TEST(more({"runs", "--limit", "1"}) == "There are more than these 1: --limit 10 shows more of them.\n");
}

BOOST_AUTO_TEST_CASE(they_know_the_service_by_its_certificate_whatever_name_that_is_for) {
    test::authority const signer;
    auto const show = [&](test::certificate const& c) {
        environment["TRAITSYNC_ADMIN_TLS_CERT"] = folder.write("cert.pem", c.pem + signer.pem());
        environment["TRAITSYNC_ADMIN_TLS_KEY"] = folder.write("key.pem", c.key);
    };
    test::certificate_options const public_name{.names = {"sync.example.com"}, .addresses = {}};
    for (auto const& certificate : {signer.issue(public_name), test::self_signed(public_name)}) {
        show(certificate);
        start();
        auto const done = command({"status"});
        BOOST_TEST(done.state.code == 0, done.errors);
        // Another one for that name is no proof, though the same authority signed it: anybody may have one.
        show(signer.issue(public_name));
        auto const refused = command({"status"});
        BOOST_TEST(refused.state.code == 3, refused.output);
        BOOST_TEST(refused.errors.find("the certificate of 127.0.0.1") != std::string::npos, refused.errors);
        stop();
    }
    // A name that is right needs no more than a signature that is trusted, as elsewhere.
    show(signer.issue());
    start();
    show(signer.issue());
    BOOST_TEST(command({"status"}).state.code == 0);
    stop();
}

BOOST_AUTO_TEST_CASE(over_a_unix_socket_they_work_the_same) {
    auto const path = "unix:" + (folder / "api.sock").string();
    environment["TRAITSYNC_ADMIN_LISTEN"] = path;
    service = std::make_unique<test::process>(options({"run"}));
    BOOST_REQUIRE(service->wait_for_errors("\"event\":\"listening\""));
    auto const by_name = test::run(options({"status", "--url", path}));
    BOOST_TEST(by_name.state.code == 0, by_name.errors);
    auto const done = test::run(options({"status"}));
    BOOST_TEST(done.state.code == 0, done.errors);
    BOOST_TEST(done.output.find("users") != std::string::npos);
    // Longer than the kernel takes a path.
    auto const nowhere = "unix:/" + std::string(150, 'x');
    auto const unreached = test::run(options({"status", "--url", nowhere}));
    BOOST_TEST(unreached.state.code == 3);
    BOOST_TEST(unreached.errors.find("does not answer at " + nowhere) != std::string::npos, unreached.errors);
}

BOOST_AUTO_TEST_CASE(before_the_first_start_it_is_the_service_that_is_missing_and_not_its_token) {
    auto const path = "unix:" + (folder / "api.sock").string();
    environment["TRAITSYNC_ADMIN_LISTEN"] = path;
    environment.erase("TRAITSYNC_ADMIN_TOKEN");
    auto const early = test::run(options({"status"}));
    BOOST_TEST(early.state.code == 3, early.errors);
    BOOST_TEST(early.errors.find("does not answer at " + path) != std::string::npos, early.errors);
    service = std::make_unique<test::process>(options({"run"}));
    BOOST_REQUIRE(service->wait_for_errors("\"event\":\"listening\""));
    BOOST_TEST(test::run(options({"status"})).state.code == 0);
    auto const file = folder / "admin.token";
    BOOST_REQUIRE(std::filesystem::remove(file));
    auto const locked_out = test::run(options({"pause"}));
    BOOST_TEST(locked_out.state.code == 2, locked_out.errors);
    BOOST_TEST(locked_out.errors.find("cannot read " + file.string()) != std::string::npos, locked_out.errors);
}

BOOST_AUTO_TEST_SUITE_END()
