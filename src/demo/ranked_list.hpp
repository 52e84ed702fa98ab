#pragma once
// A sorted list of pointers that knows the rank of each place: cut into runs of at most 512, so that an insert
// moves little memory and a rank is a sum over a few thousand run lengths at a million items.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace traitsync::demo {

// `Before` is a strict order of T; no two items are equal under it.
template <class T, class Before>
class ranked_list {
public:
    std::size_t size() const { return size_; }

    void insert(T const* item) {
        ++size_;
        if (runs_.empty()) {
            runs_.push_back({item});
            return;
        }
        auto run = run_of([&](T const& other) { return before_(other, *item); });
        if (run == runs_.end()) --run;
        run->insert(std::partition_point(run->begin(), run->end(), [&](T const* o) { return before_(*o, *item); }),
                    item);
        if (run->size() <= longest_run) return;
        std::vector<T const*> upper(run->begin() + longest_run / 2, run->end());
        run->resize(longest_run / 2);
        runs_.insert(run + 1, std::move(upper));
    }

    void erase(T const* item) {
        auto const run = run_of([&](T const& other) { return before_(other, *item); });
        if (run == runs_.end()) return;
        auto const at = std::find(run->begin(), run->end(), item);
        if (at == run->end()) return;
        run->erase(at);
        --size_;
        if (run->empty()) runs_.erase(run);
    }

    // How many items `is_before` holds for; it must hold for a leading part of the list and for nothing after it.
    template <class IsBefore>
    std::size_t rank(IsBefore is_before) const {
        auto const run = run_of(is_before);
        std::size_t count = 0;
        for (auto r = runs_.begin(); r != run; ++r) count += r->size();
        if (run == runs_.end()) return count;
        auto const at = std::partition_point(run->begin(), run->end(), [&](T const* o) { return is_before(*o); });
        return count + static_cast<std::size_t>(at - run->begin());
    }

    // Calls visit(item) from that rank on while it returns true.
    template <class Visit>
    void walk(std::size_t rank, Visit visit) const {
        auto run = runs_.begin();
        for (; run != runs_.end() && rank >= run->size(); ++run) rank -= run->size();
        for (; run != runs_.end(); ++run, rank = 0) {
            for (std::size_t i = rank; i < run->size(); ++i) {
                if (!visit(*(*run)[i])) return;
            }
        }
    }

private:
    static constexpr std::size_t longest_run = 512;

    // The first run whose last item is not before the place.
    template <class IsBefore>
    auto run_of(IsBefore is_before) const {
        return std::partition_point(runs_.begin(), runs_.end(), [&](auto const& r) { return is_before(*r.back()); });
    }
    template <class IsBefore>
    auto run_of(IsBefore is_before) {
        return std::partition_point(runs_.begin(), runs_.end(), [&](auto const& r) { return is_before(*r.back()); });
    }

    std::vector<std::vector<T const*>> runs_;
    std::size_t size_ = 0;
    Before before_;
};

}  // namespace traitsync::demo
