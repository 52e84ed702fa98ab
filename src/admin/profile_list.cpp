#include <algorithm>
#include <charconv>

#include "list_page.hpp"
#include "message_pages.hpp"
#include "profile_pages.hpp"
#include "url_text.hpp"

namespace traitsync::admin {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t n = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

// Where rows of a list come from, and in which order. Each row has a cursor of its mode and one or two parts.
class walk {
public:
    walk(store::reader& r, profile_filter const& f)
        : reader_{r}, filter_{f}, page_{f.limit}, folded_{store::folded(f.q)} {
        mode_ = first_mode();
    }

    bool resume() {
        auto const parts = parse_cursor(filter_.cursor, 3);
        if (!parts || (*parts)[0].size() != 1) return false;
        auto const mode = (*parts)[0].front();
        if (mode != mode_ && !(mode_ == 'i' && mode == 'k')) return false;
        mode_ = mode;
        key_ = (*parts)[1];
        auto const number = number_in((*parts)[2]);
        // The key of gone profiles is a time.
        if (!number || (mode_ == 'g' && !number_in(key_))) return false;
        number_ = *number;
        return true;
    }

    std::string fill() {
        bool exhausted = false;
        while (page_.may_look() && !exhausted) {
            auto const more = look_at_some();
            if (more) continue;
            if (mode_ == 'i') {
                mode_ = 'k';
                key_.clear();
                number_ = 0;
            } else {
                exhausted = true;
            }
        }
        return page_.finish(exhausted);
    }

private:
    static constexpr int some = 100;

    char first_mode() const {
        auto const& s = filter_.state;
        if (s == "dead" || s == "held" || s == "offered") return s->front();
        if (s == "gone") return 'g';
        if (filter_.company) return 'c';
        if (!filter_.q.empty()) return 'i';
        return s == "waiting" ? 'w' : 'a';
    }

    bool look_at_some() {
        switch (mode_) {
            case 'd':
                return look_at_messages(diff::message_state::dead);
            case 'h':
                return look_at_messages(diff::message_state::held);
            case 'o':
                return look_at_messages(diff::message_state::offered);
            case 'w':
                return look_at_messages(diff::message_state::waiting);
            case 'g': {
                auto const rows = reader_.catalogue.gone_users({number_in(key_).value_or(INT64_MIN), number_}, some);
                for (auto const& row : rows) {
                    if (!look(row.user_no, std::to_string(row.at), row.user_no, true)) return true;
                }
                return rows.size() == some;
            }
            case 'c': {
                auto const rows = reader_.catalogue.users_of_company(*filter_.company, number_, some);
                for (auto const no : rows) {
                    if (!look(no, {}, no, true)) return true;
                }
                return rows.size() == some;
            }
            case 'i': {
                auto const rows = reader_.catalogue.users_by_id(filter_.q, key_, some);
                for (auto const& row : rows) {
                    if (!look(row.no, row.user_id, row.no, true)) return true;
                }
                return rows.size() == some;
            }
            case 'k': {
                auto const rows = reader_.lookups.find(folded_, {key_, number_}, some);
                for (auto const& row : rows) {
                    if (!look(row.user_no, row.key, row.user_no, is_first_key(row))) return true;
                }
                return rows.size() == some;
            }
            default: {
                auto const rows = reader_.catalogue.users_after(number_, some);
                for (auto const no : rows) {
                    if (!look(no, {}, no, true)) return true;
                }
                return rows.size() == some;
            }
        }
    }

    bool look_at_messages(diff::message_state s) {
        auto const rows = reader_.catalogue.users_of_messages(s, number_, some);
        for (auto const& row : rows) {
            // A user with several such messages is shown at the first.
            auto const first = reader_.catalogue.first_message(row.user_no, s) == row.at;
            if (!look(row.user_no, {}, row.at, first)) return true;
        }
        return rows.size() == some;
    }

    // A user who was found by id, or whose other key comes first, is not shown again.
    bool is_first_key(store::lookups::hit const& hit) {
        auto const p = see(reader_, hit.user_no);
        if (!p || p->user.user_id.starts_with(filter_.q)) return false;
        auto const keys = store::lookup_keys_of(p->account);
        auto const matches = [&](std::string const& key) { return !key.empty() && key.starts_with(folded_); };
        auto first = hit.key;
        if (matches(keys.name)) first = std::min(first, keys.name);
        if (matches(keys.email)) first = std::min(first, keys.email);
        return first == hit.key;
    }

    bool fits(seen_profile const& p) const {
        if (filter_.company && p.user.company_id != filter_.company) return false;
        if (filter_.state && state_of(p) != *filter_.state) return false;
        if (filter_.q.empty() || p.user.user_id.starts_with(filter_.q)) return true;
        auto const keys = store::lookup_keys_of(p.account);
        return keys.name.starts_with(folded_) || keys.email.starts_with(folded_);
    }

    // False when the page takes no more.
    bool look(std::int64_t user_no, std::string key, std::int64_t number, bool candidate) {
        if (!page_.may_look()) return false;
        auto const p = candidate ? see(reader_, user_no) : std::nullopt;
        auto place = cursor_of({std::string(1, mode_), key, std::to_string(number)});
        page_.look(std::move(place), p && fits(*p), [&](json_writer& w) {
            w.begin_object();
            write_profile_head(w, reader_, *p);
            w.end_object();
        });
        key_ = std::move(key);
        number_ = number;
        return true;
    }

    store::reader& reader_;
    profile_filter const& filter_;
    list_page page_;
    std::string folded_;
    char mode_;
    std::string key_;
    std::int64_t number_ = 0;
};

}  // namespace

std::vector<std::string> const& profile_states() {
    static std::vector<std::string> const states{"synced", "waiting", "offered", "dead", "held", "gone"};
    return states;
}

outcome<std::string> list_profiles(store::reader& r, profile_filter const& f) {
    walk w{r, f};
    if (!f.cursor.empty() && !w.resume()) return bad_field("/cursor", "the cursor is not one of this list");
    return w.fill();
}

}  // namespace traitsync::admin
