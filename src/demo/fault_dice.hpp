#pragma once
// Which fault an exchange takes: the next of a script, else one drawn by chance from a seed.

#include <cstdint>
#include <deque>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace traitsync::demo {

template <class Fault>
class fault_dice {
public:
    using chance = std::pair<Fault, double>;

    void seed(std::uint64_t seed) { random_.seed(seed); }
    void append(std::vector<Fault> const& faults) { script_.insert(script_.end(), faults.begin(), faults.end()); }
    std::size_t scripted() const { return script_.size(); }

    // One draw an exchange, whatever the chances: adding a chance does not move the others' sequence.
    Fault next(std::span<chance const> chances) {
        double const drawn = static_cast<double>(random_() >> 11) * 0x1.0p-53;
        if (!script_.empty()) {
            Fault const scripted = script_.front();
            script_.pop_front();
            return scripted;
        }
        double upto = 0;
        for (auto const& [fault, probability] : chances) {
            upto += probability;
            if (drawn < upto) return fault;
        }
        return Fault{};
    }

private:
    std::mt19937_64 random_{1};
    std::deque<Fault> script_;
};

}  // namespace traitsync::demo
