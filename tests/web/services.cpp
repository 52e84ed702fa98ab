// The built-in Moesif and Segment for the page's tests, told what to do by lines of JSON on standard input and
// answering each with one line. Ends with its input.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

#include <iostream>
#include <string>

#include "traitsync/core/clock.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace {

namespace json = boost::json;
using namespace traitsync;

struct both_services {
    demo::moesif_service moesif{[] {
        demo::moesif_options o;
        o.token = "page-moesif-token-0123456789";
        o.faults.requests_per_minute = 0;
        return o;
    }()};
    demo::segment_service segment;
    std::int64_t clock = to_millis(system_clock().wall());  // of the documents: each change is newer
};

std::string text_of(json::object const& order, std::string_view name) {
    return std::string{order.at(name).as_string()};
}

// What Segment holds of a user: trait to value; null when it never took one.
json::value state_of(both_services const& both, std::string const& user_id) {
    auto const state = both.segment.state_of(user_id);
    if (!state) return nullptr;
    json::object traits;
    for (auto const& [name, text] : *state) traits[name] = json::parse(text);
    return traits;
}

json::value obey(both_services& both, json::object const& order) {
    auto const what = text_of(order, "do");
    if (what == "user") {
        both.moesif.put_user(text_of(order, "id"), text_of(order, "source"), ++both.clock);
    } else if (what == "company") {
        both.moesif.put_company(text_of(order, "id"), text_of(order, "source"), ++both.clock);
    } else if (what == "refuse") {
        auto faults = both.segment.faults();
        faults.refuse_users_with = text_of(order, "users_with");
        both.segment.set_faults(faults);
    } else if (what == "segment") {
        auto faults = both.segment.faults();
        faults.always_status = static_cast<int>(order.at("status").as_int64());
        both.segment.set_faults(faults);
    } else if (what == "state") {
        return state_of(both, text_of(order, "user_id"));
    } else if (what == "violations") {
        return json::value_from(both.segment.violations());
    } else {
        throw std::invalid_argument{"no such order: " + what};
    }
    return true;
}

}  // namespace

int main() {
    both_services both;
    std::cout << json::serialize(json::object{{"moesif", both.moesif.url()}, {"segment", both.segment.url()}})
              << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << json::serialize(obey(both, json::parse(line).as_object())) << std::endl;
    }
}
