// Completion for bash and zsh, from the command line's definition alone.

#include "command_tree.hpp"

namespace traitsync::cli {
namespace {

// Calls `visit(command, path)` for the program and every command below it; the program's path is empty.
template <class Visit>
void walk(command_text const& c, std::string const& path, Visit const& visit) {
    visit(c, path);
    for (auto const& sub : c.commands) walk(sub, path + "/" + sub.name, visit);
}

// --- bash ---------------------------------------------------------------------------------------------------

std::string bash_words(command_text const& c) {
    std::string words;
    auto const add = [&](std::string const& w) { words += (words.empty() ? "" : " ") + w; };
    for (auto const& sub : c.commands) add(sub.name);
    for (auto const& a : c.arguments) {
        for (auto const& choice : a.choices) add(choice);
    }
    for (auto const& o : c.options) {
        for (auto const& name : o.names) {
            if (name.starts_with("--")) add(name);
        }
    }
    return words;
}

bool takes_file(command_text const& c) {
    for (auto const& a : c.arguments) {
        if (a.is_file()) return true;
    }
    return false;
}

// What may follow an option: the cases of a shell function.
std::string bash_values(command_text const& program) {
    std::string cases;
    walk(program, "", [&](command_text const& c, std::string const& path) {
        for (auto const& o : c.options) {
            if (o.value.empty()) continue;
            cases += "        ";
            for (auto const& name : o.names)
                cases += (&name == &o.names.front() ? "\"" : " | \"") + path + " " + name + "\"";
            std::string values;
            for (auto const& choice : o.choices) values += (values.empty() ? "" : " ") + choice;
            cases += ") REPLY=\"" + (o.is_file() ? std::string{"FILE"} : values) + "\" ;;\n";
        }
    });
    return cases;
}

std::string bash_script(command_text const& program) {
    std::string paths;
    std::string cases;
    walk(program, "", [&](command_text const& c, std::string const& path) {
        if (!path.empty()) paths += (paths.empty() ? "" : " | ") + path;
        cases +=
            "        \"" + path + "\") words=\"" + bash_words(c) + "\"" + (takes_file(c) ? " files=1" : "") + " ;;\n";
    });
    return "# bash completion for traitsync, made by \"traitsync completion bash\".\n"
           "# What may follow an option of a command, in REPLY; false where nothing does.\n"
           "_traitsync_value() {\n"
           "    case \"$1 $2\" in\n" +
           bash_values(program) +
           "        *) return 1 ;;\n"
           "    esac\n"
           "}\n"
           "_traitsync() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} path= words= files= REPLY= i\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        _traitsync_value \"$path\" \"${COMP_WORDS[i - 1]}\" && continue\n"
           "        case \"$path/${COMP_WORDS[i]}\" in\n"
           "            " +
           paths +
           ") path+=/${COMP_WORDS[i]} ;;\n"
           "        esac\n"
           "    done\n"
           "    if _traitsync_value \"$path\" \"${COMP_WORDS[COMP_CWORD - 1]}\"; then\n"
           "        [ \"$REPLY\" = FILE ] && files=1 || words=$REPLY\n"
           "    else\n"
           "        case \"$path\" in\n" +
           cases +
           "        esac\n"
           "    fi\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    if [ -n \"$files\" ]; then\n"
           "        compopt -o filenames 2>/dev/null\n"
           "        COMPREPLY+=($(compgen -f -- \"$current\"))\n"
           "    fi\n"
           "}\n"
           "complete -F _traitsync traitsync\n";
}

// --- zsh ----------------------------------------------------------------------------------------------------

// Inside single quotes; `also`: characters that mean something to _arguments or _describe there.
std::string zsh_text(std::string const& text, std::string_view also) {
    std::string out;
    for (char c : text) {
        if (c == '\'') {
            out += "'\\''";
            continue;
        }
        if (also.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_value(option_text const& o) {
    if (o.is_file()) return "FILE:_files";
    auto out = zsh_text(o.choices.empty() ? o.value : "one of", ":") + ":";
    if (o.choices.empty()) return out + " ";
    out += "(";
    for (auto const& choice : o.choices) out += (&choice == &o.choices.front() ? "" : " ") + choice;
    return out + ")";
}

std::string zsh_option(option_text const& o) {
    auto const described = "[" + zsh_text(o.brief, "[]:\\") + "]" + (o.value.empty() ? "" : ":" + zsh_value(o)) + "'";
    if (o.names.size() == 1) return "'" + std::string{o.repeats ? "*" : ""} + o.names.front() + described;
    std::string all;
    std::string braces;
    for (auto const& name : o.names) {
        all += (all.empty() ? "" : " ") + name;
        braces += (braces.empty() ? "" : ",") + name;
    }
    return (o.repeats ? "'*'{" : "'(" + all + ")'{") + braces + "}'" + described;
}

std::string zsh_function(command_text const& c, std::string const& name) {
    auto out = name + "() {\n";
    if (!c.commands.empty()) out += "    local state line\n    local -a commands\n";
    out += "    _arguments -s" + std::string{c.commands.empty() ? "" : " -C"};
    for (auto const& o : c.options) out += " \\\n        " + zsh_option(o);
    for (auto const& a : c.arguments) {
        out += std::string{" \\\n        '"} + (a.repeats ? "*" : "") + (a.required || a.repeats ? ":" : "::") +
               zsh_text(a.argument, ":") + ":" + (a.is_file() ? "_files" : "");
        if (!a.choices.empty()) {
            out += "(";
            for (auto const& choice : a.choices) out += (&choice == &a.choices.front() ? "" : " ") + choice;
            out += ")";
        } else if (!a.is_file()) {
            out += " ";
        }
        out += "'";
    }
    if (c.commands.empty()) return out + "\n}\n";
    out += " \\\n        '1: :->command' \\\n        '*:: :->rest'\n";
    out += "    case $state in\n        command)\n            commands=(\n";
    for (auto const& sub : c.commands) {
        out += "                '" + sub.name + ":" + zsh_text(sub.brief, ":\\") + "'\n";
    }
    out +=
        "            )\n            _describe command commands\n            ;;\n        rest)\n            case "
        "$words[1] in\n";
    for (auto const& sub : c.commands) {
        out += "                " + sub.name + ") " + name + "_" + sub.name + " ;;\n";
    }
    return out + "            esac\n            ;;\n    esac\n}\n";
}

std::string zsh_script(command_text const& program) {
    std::string out = "#compdef traitsync\n# zsh completion for traitsync, made by \"traitsync completion zsh\".\n";
    walk(program, "", [&](command_text const& c, std::string const& path) {
        std::string name = "_traitsync";
        for (char letter : path) name += letter == '/' ? '_' : letter;
        out += zsh_function(c, name);
    });
    return out +
           "if [ \"$funcstack[1]\" = _traitsync ]; then\n    _traitsync \"$@\"\nelse\n    compdef _traitsync "
           "traitsync\nfi\n";
}

}  // namespace

std::string completion_script(command_text const& program, std::string const& shell) {
    return shell == "zsh" ? zsh_script(program) : bash_script(program);
}

}  // namespace traitsync::cli
