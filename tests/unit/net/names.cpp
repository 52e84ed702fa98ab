// Names, of which one hangs: it holds up no other name, and nothing that ends waits for it.

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>

#include "desk.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

using ask_names = int(char const*, char const*, addrinfo const*, addrinfo**);

// Name servers in this process: *.hangs.test is not answered while they are silent, then, like *.works.test, with the
// loopback's address; everything else is the machine's own.
class name_servers {
public:
    static name_servers& here() {
        static auto& all = *new name_servers;  // a look-up may still hang when the process ends
        return all;
    }
    int ask(char const* name, char const* service, addrinfo const* wanted, addrinfo** found) {
        static auto* const real = reinterpret_cast<ask_names*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
        std::string const text{name != nullptr ? name : ""};
        if (!text.ends_with(".test")) return real(name, service, wanted, found);
        {
            std::unique_lock held{lock_};
            ++asked_[text];
            if (text.ends_with(".hangs.test")) answers_.wait(held, [&] { return !silent_; });
        }
        return real("127.0.0.1", service, wanted, found);
    }
    int asked(std::string const& name) {
        std::lock_guard const held{lock_};
        return asked_[name];
    }
    void be_silent(bool silent) {
        std::lock_guard const held{lock_};
        silent_ = silent;
        answers_.notify_all();
    }

private:
    std::mutex lock_;
    std::condition_variable answers_;
    bool silent_ = false;
    std::map<std::string, int> asked_;
};

struct silence {
    silence() { name_servers::here().be_silent(true); }
    ~silence() { name_servers::here().be_silent(false); }
};

int asked(std::string const& name) { return name_servers::here().asked(name); }

// A client of the server under that name.
std::unique_ptr<net::https_client> client_of(desk& d, scripted_server& server, std::string const& name) {
    return std::make_unique<net::https_client>(d.loop, options_for(server.url({}, name)));
}

boost::asio::awaitable<void> ask_once(net::https_client& client, std::vector<result<net::reply>>& out) {
    auto r = get();
    auto answer = co_await client.exchange(std::move(r));
    out.push_back(std::move(answer));
}

}  // namespace

// In the place of the C library's, for this program.
extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* wanted, addrinfo** found) {
    return name_servers::here().ask(name, service, wanted, found);
}

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(a_name_that_hangs_holds_up_no_other_name_and_no_stop) {
    silence const quiet;
    scripted_server server;
    desk d{options_for(server.url({}, "one.hangs.test"))};
    auto const other = client_of(d, server, "one.works.test");
    std::vector<result<net::reply>> of_hanging;
    boost::asio::co_spawn(d.loop, ask_once(*d.client, of_hanging), boost::asio::detached);
    while (asked("one.hangs.test") == 0) d.loop.run_one_for(5ms);

    auto r = get();
    auto const answer = awaited(d.loop, other->exchange(std::move(r)));
    BOOST_REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().what));
    BOOST_TEST(of_hanging.empty());

    d.client->stop();
    d.loop.restart();
    d.loop.run();  // to the end of all there is to do
    BOOST_REQUIRE(of_hanging.size() == 1U);
    check_words(of_hanging[0].error(), fault::cancelled, "stopping");
}

BOOST_AUTO_TEST_CASE(a_loop_goes_while_a_name_hangs_and_the_late_answer_finds_nobody) {
    for (bool const client_first : {true, false}) {
        silence const quiet;
        auto const name = client_first ? "two.hangs.test" : "three.hangs.test";
        scripted_server server;
        std::vector<result<net::reply>> answers;
        {
            desk d{options_for(server.url({}, name))};
            boost::asio::co_spawn(d.loop, ask_once(*d.client, answers), boost::asio::detached);
            while (asked(name) == 0) d.loop.run_one_for(5ms);
            if (client_first) d.client.reset();
        }
        BOOST_TEST(answers.empty());
    }
}

BOOST_AUTO_TEST_CASE(exchanges_at_once_share_one_look_up) {
    scripted_server server;
    std::vector<result<net::reply>> answers;
    {
        silence const quiet;
        desk d{options_for(server.url({}, "shared.hangs.test"))};
        auto const other = client_of(d, server, "shared.hangs.test");
        for (int i = 0; i < 3; ++i) boost::asio::co_spawn(d.loop, ask_once(*d.client, answers), boost::asio::detached);
        boost::asio::co_spawn(d.loop, ask_once(*other, answers), boost::asio::detached);
        while (asked("shared.hangs.test") == 0) d.loop.run_one_for(5ms);
        name_servers::here().be_silent(false);
        while (answers.size() < 4) d.loop.run_one_for(1s);
    }
    for (auto const& a : answers) BOOST_TEST(a.has_value());
    BOOST_TEST(asked("shared.hangs.test") == 1);
    BOOST_TEST(server.connections() == 4U);
}

BOOST_AUTO_TEST_CASE(one_that_was_given_up_is_asked_anew_but_not_without_end) {
    scripted_server server;
    auto o = options_for(server.url({}, "given-up.hangs.test"));
    o.connect_timeout = 30ms;
    desk hurried{o};
    silence const quiet;
    for (int i = 0; i < 6; ++i)
        check_words(hurried.fails(), fault::unavailable, "the name given-up.hangs.test was not found in time");
    while (asked("given-up.hangs.test") < 4) hurried.loop.run_one_for(5ms);  // their threads may be late
    // Whoever waits gets what the last of them finds.
    o.connect_timeout = 10s;
    auto const patient = std::make_unique<net::https_client>(hurried.loop, o);
    std::vector<result<net::reply>> answers;
    boost::asio::co_spawn(hurried.loop, ask_once(*patient, answers), boost::asio::detached);
    hurried.loop.restart();
    hurried.loop.poll();
    name_servers::here().be_silent(false);
    while (answers.empty()) hurried.loop.run_one_for(1s);
    BOOST_TEST(answers[0].has_value());
    BOOST_TEST(asked("given-up.hangs.test") == 4);
    // Once found it is asked for again by the next who needs it.
    desk next{options_for(server.url({}, "given-up.hangs.test"))};
    next.must();
    BOOST_TEST(asked("given-up.hangs.test") == 5);
}

BOOST_AUTO_TEST_CASE(an_address_in_numbers_is_not_looked_up) {
    for (auto const* host : {"127.0.0.1", "[::1]"}) {
        desk d{options_for("http://" + std::string{host} + ":" + std::to_string(free_port()))};
        check_words(d.fails(), fault::unavailable, "refuses connections");
        BOOST_TEST(asked(host) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
