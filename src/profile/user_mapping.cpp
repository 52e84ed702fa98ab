#include "user_mapping.hpp"

#include "quoting.hpp"
#include "scalars.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/core/sha256.hpp"
#include "value_hash.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {

user_mapping::identity user_mapping::identify(json::value const& document, std::string_view key, std::string& id) {
    found_.read(document);
    id.clear();
    id_altered_ = false;
    bool has_id = false;
    bool differs = false;
    bool has_only_key = false;
    auto const take = [&](json::value const& v, bool is_key) {
        if (!to_id(buffer_, v)) {
            if (!v.is_null() && !v.is_string()) ++warnings_->wrong_type;
            return;
        }
        differs = differs || (has_id && buffer_ != id);
        if (has_id) return;
        id = buffer_;
        id_altered_ = v.is_string() && v.text.size() != buffer_.size();
        if (id_altered_) ++warnings_->removed_nul;
        has_id = true;
        has_only_key = is_key;
    };
    found_.each(field::id, [&](json::member const& m) { take(m.val, m.key == "_id"); });
    if (!key.empty()) take({.type = json::kind::string, .text = key}, true);
    if (!has_id || has_only_key) {
        bool anonymous = false;
        found_.each(field::anonymous, [&](json::member const& m) { anonymous = anonymous || to_id(buffer_, m.val); });
        if (anonymous) return identity::anonymous;
    }
    if (!has_id) return identity::none;
    if (differs) ++warnings_->id_mismatch;
    return identity::known;
}

void user_mapping::set_null(mapped_user& out, trait t) {
    auto const& n = plan_->at(t);
    if (n.does != action::drop || n.keeps) out.traits[index_of(t)].state = mapped_trait::form::null;
}

void user_mapping::set_text(mapped_user& out, trait t, std::string_view s, json::member const* from) {
    auto const does = plan_->of(t);
    if (does == action::drop) return;
    auto& m = out.traits[index_of(t)];
    m.state = mapped_trait::form::value;
    auto const shown = without_nul(s, buffer_);
    if (does == action::hash) {
        auto const digest = sha256_hex(shown);
        append_quoted(m.text, digest);
        m.full = hash_string(digest);
    } else {
        append_quoted(m.text, shown);
        m.full = hash_string(shown);
        if (from != nullptr && shown.size() == s.size()) marked_[index_of(t)] = from;
    }
    if (shown.size() != s.size()) ++warnings_->removed_nul;
    m.full = m.trigger = not_zero(m.full);
}

json::value const* user_mapping::borrow(borrowed_member m) const {
    if (metadata_ == nullptr || !plan_->may_borrow(m)) return nullptr;
    return metadata_->find(borrowed_names[static_cast<std::size_t>(m)]);
}

void user_mapping::map_borrowed(mapped_user& out, trait t, std::initializer_list<borrowed_member> members) {
    for (auto const m : members) {
        auto const* v = borrow(m);
        if (v == nullptr) continue;
        if (v->is_null()) return set_null(out, t);
        if (v->is_string()) return set_text(out, t, v->text, nullptr);
        ++warnings_->wrong_type;
    }
}

void user_mapping::map_text(mapped_user& out, trait t, field f) {
    if (plan_->of(t) == action::drop) return;
    auto const* m = found_.pick(f, *warnings_, is_text);
    if (m != nullptr) return m->val.is_null() ? set_null(out, t) : set_text(out, t, m->val.text, m);
    if (t == trait::email) map_borrowed(out, t, {borrowed_member::email});
    if (t == trait::username) map_borrowed(out, t, {borrowed_member::username, borrowed_member::user_name});
}

// False when neither part is there.
bool user_mapping::join_name(mapped_user& out, json::value const* first, json::value const* last) {
    bool has_text = false;
    name_.clear();
    for (auto const* part : {first, last}) {
        if (part == nullptr || !part->is_string()) continue;
        has_text = true;
        if (!name_.empty() && !part->text.empty()) name_.push_back(' ');
        name_.append(part->text);
    }
    if (has_text) {
        set_text(out, trait::name, name_, nullptr);
        return true;
    }
    auto const is_null = (first != nullptr && first->is_null()) || (last != nullptr && last->is_null());
    if (is_null) set_null(out, trait::name);
    return is_null;
}

void user_mapping::map_name(mapped_user& out) {
    if (plan_->of(trait::name) == action::drop) return;
    auto const* m = found_.pick(field::name, *warnings_, is_text);
    if (m != nullptr) return m->val.is_null() ? set_null(out, trait::name) : set_text(out, trait::name, m->val.text, m);
    auto const value_of = [](json::member const* found) { return found != nullptr ? &found->val : nullptr; };
    auto const* first = value_of(found_.pick(field::first_name, *warnings_, is_text));
    auto const* last = value_of(found_.pick(field::last_name, *warnings_, is_text));
    if (join_name(out, first, last)) return;
    if (auto const* whole = borrow(borrowed_member::name)) {
        if (whole->is_null()) return set_null(out, trait::name);
        if (whole->is_string()) return set_text(out, trait::name, whole->text, nullptr);
        ++warnings_->wrong_type;
    }
    join_name(out, borrow(borrowed_member::first_name), borrow(borrowed_member::last_name));
}

void user_mapping::map_date(mapped_user& out, trait t, field f) {
    auto const* m = found_.pick(f, *warnings_, is_text_or_number);
    if (m == nullptr) return;
    if (m->val.is_null()) return set_null(out, t);
    auto const does = plan_->of(t);
    if (does == action::as_is) return set_text(out, t, m->val.text, m);
    auto const millis = to_millis(m->val);
    // Hidden or not, the time of the last change orders documents.
    if (t == trait::modified_time) out.modified_millis = millis;
    if (does == action::drop) return;
    if (!millis) {
        ++warnings_->bad_time;
        return;
    }
    auto const text = to_rfc3339(from_millis(*millis));
    set_text(out, t, text, m->val.is_string() && m->val.text == text ? m : nullptr);
}

void user_mapping::map_object(mapped_user& out, trait t, field f) {
    auto const& n = plan_->at(t);
    if (n.does == action::drop && !n.keeps) return;
    auto const* m = found_.pick(f, *warnings_, n.does == action::as_is ? is_text : is_object);
    if (m == nullptr) return;
    if (t == trait::metadata && m->val.is_object()) metadata_ = &m->val;
    if (m->val.is_null()) return set_null(out, t);
    auto& to = out.traits[index_of(t)];
    value_writer<form::sent> writer{to.text, *warnings_};
    written w;
    if (n.plain) {
        w.here = writer.plain(m->val, w.full);
        w.trigger = w.full;
    } else {
        w = writer.ruled(m->val, n);
    }
    if (!w.here) return;
    to.state = mapped_trait::form::value;
    to.full = not_zero(w.full);
    to.trigger = not_zero(w.trigger);
    if (!writer.altered()) marked_[index_of(t)] = m;
}

// Finds out.company_id; false when there is none, or when no id of an embedded company is that one: an object with
// another id than the link says describes another company. Its `_id` may be Moesif's of the company's document.
bool user_mapping::find_link(mapped_user& out) {
    enum class said : std::uint8_t { nothing, same, other };
    bool told = false;
    bool differs = false;
    auto const take = [&](json::value const& v) {
        if (!to_id(buffer_, v)) {
            if (!v.is_null() && !v.is_string()) ++warnings_->wrong_type;
            return said::nothing;
        }
        if (!told) out.company_id = buffer_;
        told = true;
        return out.company_id == buffer_ ? said::same : said::other;
    };
    found_.each(field::link, [&](json::member const& m) {
        if (m.val.is_null() && !told) {
            told = true;
            set_null(out, trait::company);
        }
        differs = take(m.val) == said::other || differs;
    });
    bool is_another = false;
    bool is_null = false;
    found_.each(field::company, [&](json::member const& m) {
        is_null = is_null || m.val.is_null();
        if (!m.val.is_object() && !m.val.is_null()) ++warnings_->wrong_type;
        bool some = false;
        bool same = false;
        for (auto const* key : {"id", "company_id", "companyId", "_id"}) {
            auto const* v = m.val.find(key);
            auto const what = v != nullptr ? take(*v) : said::nothing;
            some = some || what != said::nothing;
            same = same || what == said::same;
            differs = differs || (what == said::other && !(same && key == std::string_view{"_id"}));
        }
        is_another = is_another || (some && !same);
    });
    if (is_null && !told) set_null(out, trait::company);
    if (differs) ++warnings_->id_mismatch;
    return out.company_id.has_value() && !is_another;
}

void user_mapping::map_company(mapped_user& out) {
    out.company_id.reset();
    out.has_embedded_company = false;
    stores_company_ = false;
    auto const linked = find_link(out);
    found_.each(field::company, [&](json::member const& m) {
        if (!m.val.is_object()) return;
        stores_company_ = true;
        out.embedded.id = out.company_id.value_or(std::string{});
        company_.map(m.val, out.embedded);
        out.has_embedded_company = linked && company_.members() > 0;
    });
}

void user_mapping::map_traits(mapped_user& out) {
    for (auto& t : out.traits) {
        t.state = mapped_trait::form::absent;
        t.text.clear();
        t.full = t.trigger = 0;
    }
    marked_.fill(nullptr);
    metadata_ = nullptr;
    out.modified_millis.reset();
    set_text(out, trait::id, out.id, nullptr);
    map_date(out, trait::created_at, field::created);
    map_date(out, trait::modified_time, field::modified);
    map_date(out, trait::first_seen_time, field::first_seen);
    map_date(out, trait::last_seen_time, field::last_seen);
    map_object(out, trait::campaign, field::campaign);
    map_object(out, trait::clearbit, field::clearbit);
    map_object(out, trait::last_24_hour_agg_results, field::rollup);
    map_object(out, trait::metadata, field::metadata);
    map_object(out, trait::user_agent, field::user_agent);
    map_name(out);
    map_text(out, trait::email, field::email);
    map_text(out, trait::username, field::username);
    map_company(out);
}

void user_mapping::map(json::value const& document, mapped_user& out) {
    map_traits(out);
    map_context(out);
    store(document, out);
}

}  // namespace traitsync::profile
