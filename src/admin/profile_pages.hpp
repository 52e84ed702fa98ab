#pragma once
// Answers about profiles and companies, made on the reading thread. Private to admin/.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"
#include "json_writer.hpp"
#include "lens.hpp"

namespace traitsync::admin {

struct profile_filter {
    std::string q;
    std::optional<std::string> company;
    std::optional<std::string> state;
    int limit = 50;
    std::string cursor;
};
std::vector<std::string> const& profile_states();

// What a profile has in a list and by itself; within an object.
void write_profile_head(json_writer& w, store::reader& r, seen_profile const& p);

// profile_list.cpp
outcome<std::string> list_profiles(store::reader& r, profile_filter const& f);
// profile_pages.cpp
outcome<std::string> show_profile(store::reader& r, lens const& l, delivery_now const& now, std::string_view user_id);
outcome<std::string> explain_profile(store::reader& r, lens const& l, delivery_now const& now, std::string_view user_id,
                                     std::optional<profile::trait> only);
outcome<std::string> show_company(store::reader& r, std::string_view company_id);

}  // namespace traitsync::admin
