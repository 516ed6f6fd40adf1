#pragma once

#include "cli/verb.hh"

/// The rows of the table of verbs, each in a file of its own. A new verb is one file, one line here and one
/// in verbs.cc.
namespace hopyard::cli {

extern const Verb check_verb;
extern const Verb import_verb;
extern const Verb up_verb;
extern const Verb test_verb;
extern const Verb down_verb;
extern const Verb ls_verb;
extern const Verb show_verb;
extern const Verb exec_verb;
extern const Verb shell_verb;
extern const Verb ps_verb;
extern const Verb why_verb;
extern const Verb routes_verb;
extern const Verb wait_verb;
extern const Verb spread_verb;
extern const Verb logs_verb;
extern const Verb start_verb;
extern const Verb stop_verb;
extern const Verb restart_verb;
extern const Verb set_verb;
extern const Verb fail_verb;
extern const Verb heal_verb;
extern const Verb repair_verb;
extern const Verb doctor_verb;
extern const Verb expose_verb;
extern const Verb confirm_verb;
extern const Verb netns_verb;
extern const Verb netns_list_verb;
extern const Verb netns_add_verb;
extern const Verb netns_attach_verb;
extern const Verb netns_set_verb;
extern const Verb netns_delete_verb;
extern const Verb netns_identify_verb;
extern const Verb netns_pids_verb;
extern const Verb netns_exec_verb;
extern const Verb netns_monitor_verb;
extern const Verb netns_list_id_verb;
extern const Verb console_verb;
extern const Verb completion_verb;
extern const Verb help_verb;
extern const Verb version_verb;
extern const Verb complete_verb;
extern const Verb man_verb;

}  // namespace hopyard::cli
