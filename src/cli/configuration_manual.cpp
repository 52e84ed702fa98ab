// traitsync.toml(5), from the table of keys that loading and `init` use.

#include "command_tree.hpp"
#include "roff.hpp"
#include "traitsync/config/keys.hpp"

namespace traitsync::cli {
namespace {

void add_key(roff& page, config::key const& k) {
    auto tag = "**" + std::string{k.name} + "**";
    if (k.is_secret()) tag += ", **" + std::string{k.name} + "_file**";
    auto facts = k.type_text();
    if (k.fallback == "required") {
        facts += "; required";
    } else if (!k.fallback.empty()) {
        facts += "; default: " + std::string{k.fallback};
    } else {
        facts += "; default: " + k.default_text();
    }
    page.item(tag + " (" + facts + ")", k.brief);
    if (!k.comment.empty()) page.more(k.comment);
}

void add_policies(roff& page) {
    page.subheading("[traits.policy]");
    page.paragraph(
        "What is sent of a trait, by its name or by a quoted path such as \"metadata.plan\" or \"context.ip\":");
    page.item("**send**", "Sent when it changes.");
    page.item("**ride**",
              "Sent along with another change, or when it differs and was last sent a *volatile_interval* ago.");
    page.item("**never**", "Neither sent nor stored.");
    page.item("**hash**", "Stored and sent as SHA-256 in hexadecimal.");
    page.item("**always**", "Goes with every message of the user.");
    std::string riding;
    for (auto const& path : config::riding_by_default()) riding += (riding.empty() ? "" : ", ") + path;
    page.paragraph("**ride** is the default of " + riding +
                   ". Below **context** only **send** and **never** are possible.");
}

}  // namespace

std::string configuration_manual() {
    roff page{"TRAITSYNC.TOML", "5", "File Formats"};
    page.heading("NAME").paragraph("traitsync.toml - configuration of traitsync");
    page.heading("DESCRIPTION");
    page.paragraph(
        "A TOML file with the sections below. **traitsync init** writes one with every key and its meaning, "
        "**traitsync check** "
        "tells what is wrong with one: unknown keys, wrong types and values out of range are errors with file, line, "
        "column and "
        "the nearest known key.");
    page.paragraph(
        "A value comes from the first of: the command line, the environment (**TRAITSYNC_**<*SECTION*>**_**<*KEY*>), "
        "the file, the "
        "default. A secret may also be read from the file that <*key*>**_file** names; both at once is an error. Under "
        "systemd, "
        "a secret that the unit loads as a credential of the key's full name (*moesif.token*) stands between the "
        "file and the environment.");
    page.paragraph(
        "Durations: whole numbers with d, h, m, s or ms, the larger unit first: 500ms, 60s, 1h30m, 7d. Sizes: bytes, "
        "or "
        "a whole number with KiB, MiB, GiB, TiB or kB, MB, GB, TB: 256MiB, 1GB.");
    page.heading("KEYS");
    for (auto const section : config::all_sections()) {
        page.subheading("[" + std::string{section} + "]");
        page.paragraph(config::section_brief(section));
        for (auto const& k : config::all_keys()) {
            if (k.section == section) add_key(page, k);
        }
        if (section == "traits") add_policies(page);
    }
    page.heading("FILES").item("*./traitsync.toml*, */etc/traitsync/traitsync.toml*", "The first that exists is read.");
    page.heading("EXAMPLES");
    page.example(
        "[moesif]\n"
        "token_file = \"/etc/traitsync/credentials/moesif.token\"\n"
        "\n"
        "[segment]\n"
        "region = \"eu\"\n"
        "write_key_file = \"/etc/traitsync/credentials/segment.write_key\"\n"
        "\n"
        "[traits.policy]\n"
        "email = \"always\"\n"
        "\"metadata.ssn\" = \"never\"");
    page.heading("SEE ALSO").paragraph("**traitsync**(1)");
    return page.text();
}

}  // namespace traitsync::cli
