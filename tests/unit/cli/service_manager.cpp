#include "../../../src/cli/service_manager.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <stdlib.h>
#include <unistd.h>

#include <future>

#include "../../../src/cli/heartbeat.hpp"
#include "notices.hpp"
#include "support.hpp"
#include "traitsync/store/database.hpp"

using namespace traitsync;
using namespace traitsync::cli;
using namespace traitsync::cli::test;
using namespace std::chrono_literals;

namespace {

// The variables of the protocol, for as long as it lives.
struct variables {
    variables(std::string const& socket, std::string const& micros, std::string const& pid) {
        set("NOTIFY_SOCKET", socket);
        set("WATCHDOG_USEC", micros);
        set("WATCHDOG_PID", pid);
    }
    ~variables() {
        for (auto const* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    }
    static void set(char const* name, std::string const& value) {
        if (value.empty()) {
            ::unsetenv(name);
        } else {
            ::setenv(name, value.c_str(), 1);
        }
    }
};

boost::asio::awaitable<void> ask_store(store::store_thread& store, std::shared_future<void> until) {
    auto wait = [until](store::session&) -> result<bool> {
        until.wait();
        return true;
    };
    auto done = co_await store.run(std::move(wait));
    BOOST_TEST(done.has_value());
}

std::unique_ptr<store::session> session_in(folder const& f) {
    return std::make_unique<store::session>(*store::database::open(f.path("t.db")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(what_the_service_manager_hears)

BOOST_AUTO_TEST_CASE(each_message_is_one_datagram) {
    folder const f;
    notices const heard{f.path("notify")};
    service_manager manager{f.path("notify")};
    BOOST_TEST(manager.present());
    BOOST_TEST(!manager.trouble());
    manager.status("opening the store");
    manager.status("opening the store");
    manager.ready();
    manager.status("two\nlines");
    manager.alive();
    manager.reloading();
    manager.stopping();
    BOOST_TEST(heard.next() == "STATUS=opening the store");
    BOOST_TEST(heard.next() == "READY=1");
    BOOST_TEST(heard.next() == "STATUS=two lines");
    BOOST_TEST(heard.next() == "WATCHDOG=1");
    BOOST_TEST(heard.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    BOOST_TEST(heard.next() == "STOPPING=1");
    BOOST_TEST(heard.next().empty());
}

BOOST_AUTO_TEST_CASE(the_abstract_name_space_works_too) {
    auto const name = "@traitsync-test-" + std::to_string(::getpid());
    notices const heard{name};
    service_manager const manager{name};
    manager.ready();
    BOOST_TEST(heard.next() == "READY=1");
}

BOOST_AUTO_TEST_CASE(without_a_socket_nothing_happens_and_a_wrong_one_is_told) {
    service_manager silent{""};
    silent.ready();
    silent.status("x");
    BOOST_TEST(!silent.present());
    BOOST_TEST(!silent.trouble());
    for (auto const& address : {std::string{"/no/such/socket"}, std::string{"relative"}, "/" + std::string(200, 'x')}) {
        service_manager const lost{address, 2s};
        BOOST_TEST(!lost.present(), address);
        BOOST_REQUIRE(lost.trouble().has_value());
        BOOST_TEST(lost.trouble()->what.starts_with("NOTIFY_SOCKET " + address + ": "));
        BOOST_TEST(!lost.beat());
        lost.alive();
    }
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_taken_from_the_environment_when_it_is_ours) {
    folder const f;
    auto const path = f.path("notify");
    notices const heard{path};
    auto const own = std::to_string(::getpid());
    struct row {
        std::string micros, pid;
        std::optional<std::chrono::microseconds> beat;
    };
    for (auto const& r : {row{"3000000", own, 750ms}, row{"3000000", "", 750ms}, row{"3000000", "1", {}},
                          row{"", own, {}}, row{"0", own, {}}, row{"-5", own, {}}, row{"3s", own, {}}}) {
        variables const set{path, r.micros, r.pid};
        BOOST_TEST((service_manager::from_environment().beat() == r.beat), r.micros + " " + r.pid);
    }
    variables const nobody{"", "3000000", own};
    BOOST_TEST(!service_manager::from_environment().beat());
}

BOOST_AUTO_TEST_CASE(the_loop_is_alive_only_when_the_store_is) {
    folder const f;
    notices const heard{f.path("notify")};
    service_manager manager{f.path("notify"), 2ms};
    store::store_thread store{session_in(f)};
    std::promise<void> release;
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, ask_store(store, release.get_future().share()), boost::asio::detached);
    boost::asio::co_spawn(loop, keep_alive(manager, store), boost::asio::detached);
    // Long enough for many beats, were the store not stuck.
    loop.run_for(50ms);
    BOOST_TEST(heard.next().empty());
    release.set_value();
    int beats = 0;
    auto const limit = std::chrono::steady_clock::now() + 30s;
    while (beats < 3 && std::chrono::steady_clock::now() < limit) {
        loop.run_one_for(100ms);
        if (heard.next() == "WATCHDOG=1") ++beats;
    }
    BOOST_TEST(beats == 3);
    store.finish_jobs();
}

BOOST_AUTO_TEST_CASE(the_status_line_says_what_the_page_says) {
    engine::status s;
    s.numbers.waiting = 12;
    s.numbers.offered = 3;
    BOOST_TEST(status_line(s) == "running: 12 messages wait, 3 on their way");
    s.numbers.dead = 2;
    s.dead_letters = engine::reason{"dead_letters", "2 messages are dead letters", {}};
    BOOST_TEST(status_line(s) == "degraded: 12 messages wait, 3 on their way, 2 dead; 2 messages are dead letters");
}

BOOST_AUTO_TEST_SUITE_END()
