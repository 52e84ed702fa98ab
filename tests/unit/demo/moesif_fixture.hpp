#pragma once
// A built-in Moesif and a client of it.

#include <boost/json.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "raw_client.hpp"
#include "traitsync/demo/moesif_service.hpp"

namespace traitsync::demo::test {

inline constexpr char const* users_path = "/v1/search/~/search/usermetrics/users";
inline constexpr char const* companies_path = "/v1/search/~/search/companymetrics/companies";

struct moesif_fixture {
    moesif_service service{moesif_options{.token = "secret-token"}};
    raw_headers headers{{"Authorization", "Bearer secret-token"}, {"Content-Type", "application/json"}};

    moesif_fixture() { set({}); }

    // Without the rate limit, which has tests of its own.
    void set(moesif_faults faults) {
        faults.requests_per_minute = 0;
        service.set_faults(faults);
    }
    raw_answer post(std::string_view path, std::string_view body) {
        raw_client client{service.port()};
        return client.exchange("POST", path, headers, body);
    }
    raw_answer get(std::string_view path) {
        raw_client client{service.port()};
        return client.exchange("GET", path, headers);
    }
    boost::json::object search(std::string_view body, std::string_view path = users_path) {
        auto const answer = post(path, body);
        return boost::json::parse(answer.body).as_object();
    }
    // n users with ids u000, u001, … and times 1000, 1000, 2000, 2000, …
    void put_pairs(std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            auto const id = fmt::format("u{:03}", i);
            service.put_user(id, fmt::format(R"({{"user_id":"{}","n":{}}})", id, i),
                             static_cast<std::int64_t>(1000 + i / 2 * 1000));
        }
    }
};

inline boost::json::array const& hits_of(boost::json::object const& answer) {
    return answer.at("hits").as_object().at("hits").as_array();
}

inline std::vector<std::string> ids_of(boost::json::object const& answer) {
    std::vector<std::string> ids;
    for (auto const& hit : hits_of(answer)) ids.emplace_back(hit.as_object().at("_id").as_string());
    return ids;
}

}  // namespace traitsync::demo::test
