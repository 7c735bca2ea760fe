//! The contract of [`server::store::Store`] and its facets: one suite, run on every database, through the trait object only.
//!
//! A bug of one database becomes a test here first. A second database implements [`contract::bench::Database`] and adds
//! one module at the end of this file.

mod support;

mod contract {
    pub mod accounts;
    pub mod bench;
    pub mod devices;
    pub mod facts;
    pub mod history;
    pub mod invitations;
    pub mod joining;
    pub mod keys;
    pub mod mail_addresses;
    pub mod overview;
    pub mod own_data;
    pub mod people;
    pub mod pulling;
    pub mod quarantine;
    pub mod releases;
    pub mod reminders;
    pub mod retention;
    pub mod sign_ins;
    pub mod sums;
    pub mod together;
    pub mod tokens;
    pub mod writing;
}

/// Every sentence of the suite as a test of one database.
macro_rules! store_contract {
    ($database:ty) => {
        store_contract! { @ $database;
            writing {
                what_a_device_has_written_is_known_by_its_kind
                a_dropped_transaction_leaves_nothing
                a_push_that_fails_half_way_leaves_nothing
                sequence_numbers_grow_without_gaps_in_commit_order_per_association
                a_repeat_loads_the_stored_result
                what_has_to_wait_is_not_stored_as_a_result
                older_revisions_load_as_bases
                what_is_looked_up_is_what_a_transaction_loads
                a_deleted_revision_is_no_base
                the_latest_review_loads
                open_alternatives_load_and_settled_ones_do_not
                a_record_changed_twice_in_one_push_has_its_last_state
                an_id_that_two_kinds_share_stops_nobody
                a_gatherings_revisions_are_told_newest_first_with_its_reviews_and_no_others
                associations_do_not_see_each_other
                a_device_may_tell_any_number_of_itself
            }
            pulling {
                pages_come_in_sequence_order_until_there_is_no_more
                a_changed_record_moves_to_the_end
                a_cursor_beyond_everything_gets_nothing
                what_an_associations_records_of_a_kind_say_is_told_without_deleted_ones
                a_volunteer_gets_gatherings_from_a_day_on
                a_page_that_is_left_empty_still_moves_the_cursor
                a_volunteer_gets_no_notes_of_others_and_no_recorders
                a_volunteer_gets_no_alternatives_and_no_settlements
                a_volunteer_gets_which_periods_are_closed_and_none_of_their_figures
                a_volunteer_gets_the_reviews_of_their_own_gatherings
                a_reviewer_gets_everything
                a_deletion_travels_without_content
            }
            sums {
                a_gathering_is_counted_in_its_municipality_month_and_form
                a_returned_gathering_counts_again_when_it_is_mended
                a_review_that_is_taken_back_counts_as_if_it_never_was
                a_sensitive_gathering_is_in_no_sum
                sums_are_those_of_a_rebuild_after_any_history
                completeness_knows_homes_guests_and_months_without_activity
                the_sums_of_all_municipalities_are_those_of_each
                the_oldest_gathering_is_known_sensitive_or_not
            }
            together {
                pushes_that_wait_are_committed_together
                a_volunteer_makes_so_many_new_records_in_a_day_and_no_more
                a_push_that_fails_harms_no_other_in_its_transaction
                no_push_is_answered_where_the_commit_fails
                the_associations_of_a_transaction_are_named_once_in_the_order_of_their_ids
                a_push_that_fails_harms_no_other_of_its_association
                a_transaction_that_met_another_is_repeated_and_not_for_ever
                a_push_that_panics_is_answered_and_harms_no_other
                the_writer_says_whether_it_can_write
            }
            devices {
                a_device_is_remembered_with_what_it_told
                a_push_is_held_against_what_the_device_tells
                changes_of_a_file_are_nobodys_to_account_for
                of_a_users_many_devices_the_latest_and_those_with_something_waiting_are_remembered
                a_reviewer_sees_the_devices_of_members_only
                a_notice_that_was_seen_is_remembered
            }
            releases {
                a_sensitive_gathering_is_counted_in_exactly_one_release
                a_release_is_never_revised
                a_late_gathering_is_counted_in_the_next_release
                what_is_ordinary_by_its_release_is_not_counted_there
                every_sensitive_gathering_is_counted_once_after_any_history
                a_gathering_that_arrives_between_select_and_freeze_is_not_marked_as_released
                what_a_release_does_not_count_is_not_frozen_by_it
                releases_begin_with_the_quarter_that_was_said_first
            }
            facts {
                a_fact_is_what_was_last_said_until_it_is_removed
                a_database_is_empty_until_somebody_is_in_it
                a_database_with_an_association_is_not_empty
                the_newest_moment_is_the_latest_of_all_kinds
            }
            people {
                a_person_is_known_with_everything_that_they_are
                a_role_is_given_in_place_of_the_one_before
                each_association_calls_a_member_what_it_likes
                a_member_who_was_removed_is_none_at_once
                what_a_user_has_left_is_known_until_they_are_back
                the_last_reviewer_stays
                areas_and_the_operators_role_can_be_taken_back
                a_database_keeps_its_epoch
            }
            own_data {
                a_person_is_shown_all_that_is_kept_about_them_and_nothing_of_others
                a_deleted_person_is_gone_at_once_and_their_records_stay
                where_the_deletion_cannot_be_remembered_nothing_is_deleted
                the_last_reviewer_and_the_last_operator_are_not_deleted
                what_a_deleted_person_invited_to_is_revoked
            }
            quarantine {
                what_was_handed_in_is_kept_as_it_is_and_once
                a_device_has_so_much_room_and_no_more
                what_was_decided_waits_no_more_and_does_not_come_again
                after_thirty_days_it_is_gone_where_it_is_decided_or_its_person_has_left
                a_sign_in_that_was_ended_is_known_by_each_of_its_cookies_for_a_year
            }
            retention {
                an_account_lies_idle_by_days_of_the_server_and_a_use_begins_anew
                whoever_is_signed_in_or_needed_is_known
                what_is_older_than_the_cutoffs_is_forgotten_and_nothing_else
                after_the_audit_period_nobody_knows_who_changed_what_and_a_repeat_is_answered_all_the_same
            }
            sign_ins {
                a_sign_in_is_found_by_its_hash_until_it_is_removed
                sign_ins_that_ran_out_are_forgotten_at_the_next_one
                a_browsers_new_sign_in_ends_the_one_before
                an_old_cookie_is_valid_until_the_new_one_comes_back
                a_person_ends_their_own_sign_ins_only
                a_browser_stays_let_in_for_the_same_person_by_whoever_let_it_in
            }
            accounts {
                an_account_has_exactly_the_areas_that_its_provider_gives
                an_account_without_an_area_makes_nobody
                what_was_invited_to_in_an_area_that_is_taken_away_is_revoked
            }
            keys {
                a_passkey_is_found_by_its_credential_and_is_one_persons
                a_person_has_so_many_passkeys_and_no_more
                a_passkeys_counter_only_grows_or_stays_nought
                a_passkey_that_may_have_been_copied_is_accepted_no_more
                the_last_way_in_stays_for_whoever_needs_one
                a_recovery_code_is_used_once_and_a_new_set_replaces_the_old
            }
            mail_addresses {
                an_address_is_one_persons_and_a_person_has_one
                an_address_goes_with_the_reviewers_role_and_with_the_person
            }
            tokens {
                a_token_is_found_by_its_hash_and_listed_until_it_is_ended
                an_association_has_so_many_tokens_and_only_of_its_reviewers
                a_token_goes_with_its_makers_role_and_does_not_come_back_with_it
                a_token_goes_with_the_person_who_made_it
                an_ended_token_is_forgotten_after_the_audit_period
            }
            reminders {
                a_wish_is_kept_as_it_is_given_until_it_is_taken_back
                only_a_reviewer_wishes_and_only_with_an_address_or_a_sign_in_of_their_own
                a_day_is_looked_at_once_and_given_back_as_it_was
                a_wish_that_is_not_taken_ends_no_other
                an_associations_gatherings_are_told_in_brief_by_their_latest_review
            }
            invitations {
                an_invitation_is_found_by_its_token_and_by_its_code
                an_invitation_is_accepted_as_often_as_it_says
                an_invitation_ends_with_its_time_or_when_it_is_revoked
                who_asks_again_after_a_lost_answer_is_known_by_their_attempt
                what_a_removed_member_invited_to_is_revoked
                who_comes_back_is_a_new_member_and_who_is_more_stays_more
                the_log_is_a_chain
            }
            joining {
                a_draft_is_kept_until_nobody_has_touched_it_for_long
                a_request_waits_for_the_coordinator_of_its_home
                a_municipality_has_only_so_many_open_requests
                an_association_comes_in_once_by_an_invitation
                an_association_comes_in_once_by_a_request
                a_coordinator_learns_names_and_days_of_their_area_only
            }
            overview {
                associations_are_listed_with_how_many_they_are
                all_invitations_and_sign_ins_are_seen_whoever_made_them
                any_invitation_is_revoked_once
                what_an_official_who_was_ended_invited_to_is_revoked
            }
        }
    };
    (@ $database:ty; $($part:ident { $($sentence:ident)+ })+) => {$($(
        #[tokio::test]
        async fn $sentence() {
            let database = <$database as crate::contract::bench::Database>::fresh().await;
            crate::contract::$part::$sentence(&database).await;
        }
    )+)+};
}

mod sqlite {
    store_contract!(crate::contract::bench::SqliteFile);
}
