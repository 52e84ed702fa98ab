#pragma once
// A running service with its API, for tests of the operator's side.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "deployment.hpp"
#include "support/api_client.hpp"

namespace traitsync::test {

inline bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }
inline std::string text_at(boost::json::value const& v, char const* key) {
    auto const& found = v.at(key);
    return found.is_string() ? std::string{found.as_string()} : boost::json::serialize(found);
}
inline std::int64_t number_at(boost::json::value const& v, char const* key) {
    return v.at(key).to_number<std::int64_t>();
}

struct operated : deployment {
    static constexpr auto admin_token = "operator-token-0123456789";
    static constexpr auto viewer_token = "viewer-token-0123456789ab";
    std::unique_ptr<process> service;
    std::unique_ptr<api_client> api;

    operated() {
        environment["TRAITSYNC_ADMIN_TOKEN"] = admin_token;
        environment["TRAITSYNC_ADMIN_VIEWER_TOKEN"] = viewer_token;
        environment["TRAITSYNC_LOG_FORMAT"] = "json";
        // The test says when Moesif is read.
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1h";
    }
    ~operated() {
        if (!service) return;
        auto const written = service->errors() + service->output();
        for (auto const* secret : {admin_token, viewer_token, token, write_key}) {
            BOOST_TEST(written.find(secret) == std::string::npos, "a secret was printed");
        }
    }

    void start(std::vector<std::string> arguments = {"run"}) { start(options(std::move(arguments))); }
    void start(process_options o) {
        service = std::make_unique<process>(std::move(o));
        BOOST_REQUIRE_MESSAGE(service->wait_for_errors("\"event\":\"listening\""), service->errors());
        auto const log = service->errors();
        auto const at = log.rfind("\"address\":\"");
        auto const colon = log.find(':', log.find("//", at));
        api = std::make_unique<api_client>(static_cast<std::uint16_t>(std::stoi(log.substr(colon + 1))), admin_token);
    }
    void stop() {
        auto const ended = service->stop();
        BOOST_REQUIRE(ended.has_value());
        BOOST_TEST(ended->code == 0);
    }
    void restart() {
        stop();
        start();
    }
    // Waits for a state of the service that it reaches by itself; asks again each few milliseconds.
    void eventually(std::string const& what, std::function<bool()> const& holds,
                    std::chrono::milliseconds limit = std::chrono::seconds{20}) const {
        auto const end = std::chrono::steady_clock::now() + limit;
        while (!holds()) {
            BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < end,
                                  "in time: " + what + "\n" + api->get("/v1/status").body);
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }
    boost::json::value get(std::string const& path) const {
        auto const reply = api->get(path);
        BOOST_REQUIRE_MESSAGE(reply.status == 200, path + ": " + reply.body);
        return reply.json();
    }
    boost::json::value post(std::string const& path, std::string const& body, int status) const {
        auto const reply = api->post(path, body);
        BOOST_REQUIRE_MESSAGE(reply.status == status, path + ": " + std::to_string(reply.status) + " " + reply.body);
        return reply.json();
    }
    std::int64_t queue(char const* state) const { return number_at(get("/v1/status").at("queue"), state); }
    // The first full pass, and everything delivered.
    void settle() const {
        eventually("first pass", [&] { return !get("/v1/status").at("moesif").at("last_pass_at").is_null(); });
        eventually("empty queue", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    }
    // A pass from its start to its end.
    void pull(std::string const& kind = "incremental") const {
        auto const run = post("/v1/pull", "{\"kind\":\"" + kind + "\"}", 202);
        auto const id = number_at(run, "id");
        eventually("end of the pass", [&] {
            auto const runs = get("/v1/runs");
            for (auto const& r : runs.at("items").as_array()) {
                if (number_at(r, "id") == id) return !r.at("ended").is_null();
            }
            return false;
        });
    }
    boost::json::value explain(int i, std::string const& trait) const {
        return get("/v1/profiles/" + user_key(i) + "/explain?trait=" + trait).at("items").at(0);
    }
    std::string state_of_trait(int i, std::string const& trait) const { return text_at(explain(i, trait), "state"); }
};

}  // namespace traitsync::test
