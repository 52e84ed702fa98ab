// Machines as they are: locales, few descriptors, small limits, a root that cannot be written, IPv6 alone, and the
// calendar's rare days.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <csignal>

#include "shifted_clock.hpp"
#include "support/six_front.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::text_at;

struct surrounded : test::operated {
    std::string admin_url() const { return "http://127.0.0.1:" + std::to_string(api->port()); }
};

// The program in a shell that sets its surroundings first; `service` is then the program itself.
test::process_options shell(test::process_options o, std::string const& before) {
    o.arguments.insert(o.arguments.begin(), {"-c", before + "\nexec \"$0\" \"$@\"", o.program.string()});
    o.program = "/bin/sh";
    return o;
}

bool can_remount() {
    auto const tried =
        test::run({.program = "/usr/bin/unshare",
                   .arguments = {"-m", "sh", "-c", "mount --make-rprivate / && mount -o bind,remount,ro /"},
                   .environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}}});
    return tried.state.code == 0;
}

bool has_six() {
    boost::asio::io_context loop;
    boost::asio::ip::tcp::acceptor probe{loop};
    boost::system::error_code failed;
    probe.open(boost::asio::ip::tcp::v6(), failed);
    if (!failed) probe.bind({boost::asio::ip::address_v6::loopback(), 0}, failed);
    return !failed;
}

using boost::test_tools::assertion_result;
assertion_result may_remount(boost::unit_test::test_unit_id) { return can_remount(); }
assertion_result knows_six(boost::unit_test::test_unit_id) { return has_six(); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(surroundings, surrounded)

// The start reads a secret from a pipe here, and stands there until something is written.
BOOST_AUTO_TEST_CASE(a_stop_that_is_asked_for_within_the_start_is_no_death_by_a_signal) {
    auto const pipe = (folder / "token.pipe").string();
    BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    environment.erase("TRAITSYNC_MOESIF_TOKEN");
    environment["TRAITSYNC_MOESIF_TOKEN_FILE"] = pipe;
    for (int const number : {SIGTERM, SIGINT}) {
        for (bool const once : {false, true}) {
            test::process starting{
                options(once ? std::vector<std::string>{"run", "--once"} : std::vector<std::string>{"run"})};
            int const end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);  // until the other end is open
            BOOST_REQUIRE(end >= 0);
            starting.signal(number);
            auto const ended = starting.wait();
            ::close(end);
            BOOST_REQUIRE(ended.has_value());
            BOOST_TEST(ended->signal == 0);
            BOOST_TEST(ended->code == (once ? 1 : 0));
        }
    }
}

// Turkish has another lower case of I, German another decimal point; what is sent must not know.
BOOST_AUTO_TEST_CASE(a_locale_changes_nothing_of_what_is_sent_found_or_read) {
    auto const people = [&](int round) {
        for (int i = 0; i < 5; ++i) {
            put(i,
                fmt::format(
                    R"(,"email":"INFO{}@TITLE.EXAMPLE","name":"Iğdır İstanbul {}","metadata":{{"ratio":1234.5,"tiny":1e-7,"at":"{}"}})",
                    i, i, round));
        }
    };
    std::map<std::string, std::string> expected;
    int round = 0;
    for (std::string const name : {"", "tr_TR", "de_DE"}) {
        if (!name.empty()) {
            auto const made =
                test::run({.program = "/usr/bin/localedef",
                           .arguments = {"-i", name, "-f", "UTF-8", (folder / (name + ".UTF-8")).string()},
                           .environment = {{"PATH", "/usr/bin:/bin"}}});
            BOOST_REQUIRE_MESSAGE(made.state.code == 0, made.errors);
            environment["LOCPATH"] = folder.path().string();
            environment["LC_ALL"] = environment["LANG"] = name + ".UTF-8";
            // The locale is one that this machine really takes.
            auto const known = test::run(
                {.program = "/usr/bin/locale", .arguments = {"-k", "decimal_point"}, .environment = environment});
            BOOST_REQUIRE(known.output == "decimal_point=\",\"\n");
        }
        people(0);
        start();
        settle();
        people(++round);
        pull("full");
        settle();
        people(0);
        pull("full");
        settle();
        auto state = *segment.state_of(user_key(3));
        if (expected.empty()) expected = state;
        BOOST_TEST((state == expected), name);
        BOOST_TEST(get("/v1/profiles?q=info3@title").at("items").as_array().size() == 1U);
        BOOST_TEST(get("/v1/profiles?q=INFO3").at("items").as_array().size() == 1U);
        auto const metrics = api->get("/metrics").body;
        BOOST_TEST(metrics.find("traitsync_") != std::string::npos);
        auto command = options({"status", "--url", admin_url()});
        BOOST_TEST(test::run(std::move(command)).state.code == 0);
        stop();
    }
    BOOST_TEST(expected["metadata"] == R"({"ratio":1234.5,"tiny":1e-7,"at":"0"})", expected["metadata"]);
}

BOOST_AUTO_TEST_CASE(with_few_descriptors_clients_are_served_in_turn_and_everything_is_delivered) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    put_users(50, "x");
    auto few = options({"run"});
    few.max_open_files = 32;
    start(std::move(few));
    settle();
    // Many who connect and say nothing.
    boost::asio::io_context loop;
    std::vector<boost::asio::ip::tcp::socket> crowd;
    for (int i = 0; i < 60; ++i) {
        crowd.emplace_back(loop);
        crowd.back().connect({boost::asio::ip::address_v4::loopback(), api->port()});
    }
    put_users(50, "y");
    for (int i = 0; i < 20; ++i) BOOST_TEST(api->get("/healthz").status == 200);
    eventually("delivered", [&] { return trait_of(49, "metadata") == R"({"plan":"y"})"; });
    BOOST_TEST(api->get("/readyz").status == 200);
    BOOST_TEST(service->errors().find("store_fault") == std::string::npos, service->errors());
    stop();
}

// The undefined behaviour sanitizer's look at types needs descriptors of its own.
BOOST_AUTO_TEST_CASE(with_too_few_descriptors_it_says_so_and_ends, *boost::unit_test::precondition(test::preloads)) {
    for (std::uint64_t const files : {6, 8, 10, 11, 12, 13}) {
        auto few = options({"run"});
        few.max_open_files = files;
        test::process service_with_few{std::move(few)};
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (service_with_few.running() && std::chrono::steady_clock::now() < end &&
               service_with_few.errors().find("\"event\":\"started\"") == std::string::npos) {
            std::this_thread::sleep_for(5ms);
        }
        auto const ended = service_with_few.stop();
        BOOST_REQUIRE(ended.has_value());
        BOOST_TEST_CONTEXT(files << " files: " << service_with_few.errors()) {
            BOOST_TEST(ended->signal == 0);
            if (files < 13) BOOST_TEST(ended->code == 1);
            BOOST_TEST((ended->code == 0 || service_with_few.errors().find("traitsync: ") != std::string::npos));
        }
    }
}

BOOST_AUTO_TEST_CASE(small_limits_of_stack_memory_and_cores_are_enough) {
    put_users(300, "x");
    std::string deep = "1";
    for (int i = 0; i < 60; ++i) deep = "{\"m\":" + deep + "}";
    put(7, ",\"metadata\":" + deep);
    // A sanitizer takes address space by the terabyte.
    auto const* limits = test::can_preload() ? "ulimit -s 512; ulimit -v 700000; ulimit -c 0" : "ulimit -c 0";
    start(shell(options({"run"}), limits));
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 300U);
    BOOST_TEST(trait_of(7, "metadata") == deep);
    stop();
}

BOOST_AUTO_TEST_CASE(only_the_stores_folder_need_be_writable_and_there_need_be_no_home,
                     *boost::unit_test::precondition(may_remount)) {
    environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
    BOOST_REQUIRE(!environment.contains("HOME"));
    auto const state = folder / "state";
    std::filesystem::create_directory(state);
    environment["TRAITSYNC_STORE_PATH"] = (state / "store.db").string();
    put_users(400, "x");
    auto o = options({"run"});
    o.output = folder / "out";
    o.errors = folder / "err";
    o.directory = "/";
    o = shell(std::move(o),
              fmt::format("mount --make-rprivate / && mount --bind '{0}' '{0}' && mount -o bind,remount,ro / "
                          "&& ! touch '{1}/x' 2>/dev/null || exit 99",
                          state.string(), folder.path().string()));
    o.arguments.insert(o.arguments.begin(), {"-m", o.program.string()});
    o.program = "/usr/bin/unshare";
    start(std::move(o));
    settle();
    put_users(400, "y");
    pull("full");
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 800U);
    post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    stop();
    BOOST_TEST(!std::filesystem::exists(folder / "x"));
}

BOOST_AUTO_TEST_CASE(everything_works_over_ipv6_alone, *boost::unit_test::precondition(knows_six)) {
    test::six_front const moesif_six{moesif.port()}, segment_six{segment.port()};
    environment["TRAITSYNC_MOESIF_URL"] = moesif_six.url("/v1");
    environment["TRAITSYNC_SEGMENT_URL"] = segment_six.url();
    environment["TRAITSYNC_ADMIN_LISTEN"] = "[::1]:0";
    put_users(20, "x");
    service = std::make_unique<test::process>(options({"run"}));
    BOOST_REQUIRE_MESSAGE(service->wait_for_errors("\"address\":\"http://[::1]:"), service->errors());
    BOOST_TEST(segment.wait_for(20s, [](demo::segment_counts const& c) { return c.distinct_messages == 20U; }));
    auto const log = service->errors();
    auto const from = log.find("http://[::1]:");
    auto const url = log.substr(from, log.find('"', from) - from);
    environment["TRAITSYNC_ADMIN_LISTEN"] = url.substr(7);
    BOOST_REQUIRE(service->wait_for_errors("\"event\":\"pass_done\""));
    auto const asked = test::run(options({"status"}));
    BOOST_TEST(asked.state.code == 0, asked.errors);
    BOOST_TEST(asked.output.find("20 users") != std::string::npos, asked.output);
    auto const online = test::run(options({"check", "--online"}));
    BOOST_TEST(online.state.code == 0, online.errors);
    stop();
}

BOOST_AUTO_TEST_SUITE_END()
