#include "row_offers.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "message_text.hpp"
#include "row_notes.hpp"

namespace traitsync::store {
namespace {

using function = void (*)(sqlite3_context*, int, sqlite3_value**);

// Of one argument, a message's number. SQLITE_DIRECTONLY: nothing in the file may call it.
SQLite::Database& with_function(SQLite::Database& db, char const* name, function f, row_offers* self) {
    auto const code = sqlite3_create_function_v2(db.getHandle(), name, 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, self, f,
                                                 nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw SQLite::Exception(db.getHandle(), code);
    return db;
}

}  // namespace

row_offer const* row_offers::asked(sqlite3_context* context, sqlite3_value** arguments) {
    auto const run = self_of(context).run_;
    auto const row = sqlite3_value_int64(arguments[0]);
    if (!run.empty() && row >= run.front().row && row <= run.back().row)
        return &run[static_cast<std::size_t>(row - run.front().row)];
    sqlite3_result_error(context, "a message that is not among those being offered", -1);
    return nullptr;
}

row_offers& row_offers::self_of(sqlite3_context* context) {
    return *static_cast<row_offers*>(sqlite3_user_data(context));
}

// OR FAIL as in new_rows.
row_offers::row_offers(SQLite::Database& db)
    : offer_{with_function(
                 db, "offered_traits",
                 [](sqlite3_context* context, int, sqlite3_value** arguments) {
                     if (auto const* o = asked(context, arguments)) sqlite3_result_int64(context, o->traits.bits());
                 },
                 this),
             fmt::format("UPDATE OR FAIL messages SET state = 1, wait = {}, traits = offered_traits(no), due = 0, "
                         "first_offered = ?3 WHERE no BETWEEN ?1 AND ?2",
                         note_alone | note_offer)
                 .c_str()},
      put_bodies_{
          with_function(
              db, "offered_body",
              [](sqlite3_context* context, int, sqlite3_value** arguments) {
                  if (auto const* o = asked(context, arguments)) {
                      auto const& self = self_of(context);
                      auto const& packed = self.packed_[static_cast<std::size_t>(o - self.run_.data())];
                      sqlite3_result_blob(context, packed.data(), static_cast<int>(packed.size()), SQLITE_STATIC);
                  }
              },
              this),
          "INSERT OR FAIL INTO bodies (no, body, packed) SELECT no, '', offered_body(no) FROM messages WHERE no "
          "BETWEEN ?1 AND ?2"} {}

std::int64_t row_offers::write(std::span<row_offer const> offers, std::int64_t now) {
    std::int64_t bytes = 0;
    for (std::size_t begin = 0; begin < offers.size();) {
        auto end = begin + 1;
        while (end < offers.size() && offers[end].row == offers[end - 1].row + 1) ++end;
        run_ = offers.subspan(begin, end - begin);
        packed_.resize(std::max(packed_.size(), run_.size()));
        for (std::size_t i = 0; i < run_.size(); ++i) {
            pack_message(packed_[i], run_[i].body);
            bytes += static_cast<std::int64_t>(packed_[i].size());
        }
        offer_.with(run_.front().row, run_.back().row, now).run();
        put_bodies_.with(run_.front().row, run_.back().row).run();
        begin = end;
    }
    run_ = {};
    return bytes;
}

}  // namespace traitsync::store
