#include "service.hpp"

#include <fmt/core.h>

#include <boost/json/value.hpp>
#include <stdexcept>
#include <thread>
#include <utility>

namespace traitsync::bench {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto patience = 6h;  // ten million profiles on a slow machine

test::process start(std::string const& binary, std::map<std::string, std::string> environment) {
    return test::process{{.program = binary, .arguments = {"run"}, .environment = std::move(environment)}};
}

test::api_client client_of(test::process& service) {
    if (!service.wait_for_errors("address="))
        throw std::runtime_error{"the service does not listen: " + service.errors()};
    auto const log = service.errors();
    auto const colon = log.find(':', log.find("//", log.find("address=")));
    return {static_cast<std::uint16_t>(std::stoi(log.substr(colon + 1))), surroundings::admin_token};
}

}  // namespace

service::service(std::string const& binary, std::map<std::string, std::string> environment)
    : started_{clock::now()}, process_{start(binary, std::move(environment))}, api_{client_of(process_)} {}

void service::fail(std::string const& what) const {
    throw std::runtime_error{fmt::format("{}\n{}", what, process_.errors())};
}

double service::seconds_to_ready() const {
    while (clock::now() - started_ < 2min) {
        if (api_.get("/readyz").status == 200) return std::chrono::duration<double>(clock::now() - started_).count();
        std::this_thread::sleep_for(1ms);
    }
    fail("the service does not become ready");
}

std::int64_t service::newest_pass() const {
    for (auto const end = clock::now() + 1min; clock::now() < end;) {
        auto const passes = api_.get("/v1/runs?limit=1").json();
        auto const& items = passes.at("items").as_array();
        if (!items.empty()) return items.front().at("id").as_int64();
        std::this_thread::sleep_for(5ms);
    }
    fail("no pass begins");
}

std::int64_t service::ask_full_pass() const {
    auto const asked = api_.post("/v1/pull", R"({"kind":"full"})");
    if (asked.status != 202) fail("no pass: " + asked.body);
    return asked.json().at("id").as_int64();
}

void service::order(std::string const& path, std::string const& scope) const {
    auto const answer = api_.post(path, fmt::format(R"({{"scope":"{}"}})", scope));
    if (answer.status != 200) fail(path + ": " + answer.body);
}

void service::pause(std::string const& scope) const { order("/v1/pause", scope); }
void service::resume(std::string const& scope) const { order("/v1/resume", scope); }

void service::await_pass(std::int64_t number) {
    auto const ended = fmt::format("kind=full pass={} pages=", number);
    if (!process_.wait_for_errors(ended, patience)) fail("the pass does not end");
    if (process_.errors().find("pass_failed") != std::string::npos) fail("the pass failed");
}

bool service::has_none(char const* state) const {
    return api_.get(fmt::format("/v1/messages?limit=1&state={}", state)).json().at("items").as_array().empty();
}

void service::await_delivery(surroundings const& around, std::size_t messages) {
    auto const end = clock::now() + patience;
    // First the receiver is asked, which costs the service nothing; what is left is one commit.
    while (!around.wait_for(messages, 1s)) {
        if (!process_.running() || clock::now() > end) fail("the messages are not delivered");
    }
    while (!has_none("waiting") || !has_none("offered")) {
        if (clock::now() > end) fail("the messages are not acknowledged");
        std::this_thread::sleep_for(5ms);
    }
}

void service::replay_all(surroundings const& around) {
    auto const made = api_.post("/v1/replays", R"({"all":true})");
    if (made.status != 202) fail("no replay: " + made.body);
    auto const path = "/v1/replays/" + std::string{made.json().at("id").as_string()};
    await_delivery(around, around.profiles());
    while (api_.get(path).json().at("state") == "running") std::this_thread::sleep_for(5ms);
}

void service::stop() {
    auto const end = process_.stop(2min);
    if (!end || !end->clean()) fail("the service does not stop cleanly");
}

}  // namespace traitsync::bench
