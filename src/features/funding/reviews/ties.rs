//! What ties a person to a request, so that they cannot review it. Every tie has its code, and all are told at once.
//!
//! Loaded for many people and many requests together, in a number of statements that does not grow with either: the tree
//! of organisations is climbed level by level, for all of them at once.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::status::ReviewStatus;
use crate::{
    features::{
        funding::{ids::FundingRequestId, requests::FundingRequestRow},
        pilots::{PilotId, PilotRow},
    },
    platform::{
        auth::Role,
        db::{
            DbConnection,
            schema::{funding_reviews, organisations, pilot_members, user_roles, users},
        },
        error::{AppError, FieldError},
        ids::{OrganisationId, UserId},
        text::Bilingual,
    },
};

/// The tree of organisations is never deeper than this.
const DEEPEST: usize = 64;

/// A person, and the request that they would review.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// The request.
    pub request: &'a FundingRequestRow,
    /// Its pilot.
    pub pilot: &'a PilotRow,
    /// The person.
    pub person: UserId,
}

/// What speaks against a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// They do not hold the role.
    pub not_a_reviewer: bool,
    /// They cannot log in.
    pub account_inactive: bool,
    /// They are or were in the pilot's team.
    pub in_the_team: bool,
    /// The pilot is theirs.
    pub owns_the_pilot: bool,
    /// They work where the owner works or the pilot is at home, or above or below it.
    pub same_office: bool,
    /// They recommended the request.
    pub recommended: bool,
    /// They approved it, as the first or the second.
    pub approved: bool,
    /// They have, or had, a review of it.
    pub reviews_already: bool,
}

impl Ties {
    /// Why the person is excluded: every reason. Mentors of the pilot will join here.
    pub fn exclusions(&self) -> Vec<FieldError> {
        let all = [
            (
                self.not_a_reviewer,
                "not_a_reviewer",
                "They do not have the role of a reviewer.",
                "তাঁর মূল্যায়নকারীর ভূমিকা নেই।",
            ),
            (self.account_inactive, "account_inactive", "Their account is not active.", "তাঁর অ্যাকাউন্ট সক্রিয় নয়।"),
            (
                self.in_the_team,
                "in_the_team",
                "They belong or belonged to the pilot's team.",
                "তিনি পাইলটের দলের সদস্য অথবা সাবেক সদস্য।",
            ),
            (self.owns_the_pilot, "owns_the_pilot", "They own the pilot.", "তিনি পাইলটের স্বত্বাধিকারী।"),
            (
                self.same_office,
                "same_office",
                "They work in the office of the owner or of the pilot, or in one above or below it.",
                "তিনি স্বত্বাধিকারীর বা পাইলটের কার্যালয়ে, অথবা তার ঊর্ধ্বতন বা অধস্তন কার্যালয়ে কর্মরত।",
            ),
            (
                self.recommended,
                "recommended_the_request",
                "They recommended this request.",
                "তিনি এই আবেদন সুপারিশ করেছেন।",
            ),
            (self.approved, "approved_the_request", "They approved this request.", "তিনি এই আবেদন অনুমোদন করেছেন।"),
            (
                self.reviews_already,
                "reviews_already",
                "They have or had a review of this request already.",
                "এই আবেদনে তাঁর একটি মূল্যায়ন আছে বা ছিল।",
            ),
        ];
        let failing = all.into_iter().filter(|(applies, ..)| *applies);
        failing.map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(en, bn))).collect()
    }

    /// The same for someone who was assigned and goes on: that they review it is no reason against them.
    pub fn meanwhile(&self) -> Vec<FieldError> {
        Self { reviews_already: false, ..*self }.exclusions()
    }
}

/// What ties each person to their request, in the order of the pairs.
///
/// # Errors
/// Those of the database.
pub fn ties(connection: &mut DbConnection, pairs: &[Pair<'_>]) -> Result<Vec<Ties>, AppError> {
    let people: HashSet<UserId> = pairs.iter().map(|pair| pair.person).collect();
    let requests: HashSet<FundingRequestId> = pairs.iter().map(|pair| pair.request.id).collect();
    let pilots: HashSet<PilotId> = pairs.iter().map(|pair| pair.pilot.id).collect();
    let known: HashSet<UserId> = people.iter().copied().chain(pairs.iter().map(|pair| pair.pilot.owner_id)).collect();
    let accounts: Vec<(UserId, String, Option<OrganisationId>)> = users::table
        .filter(users::id.eq_any(known))
        .select((users::id, users::status, users::organisation_id))
        .load(connection)?;
    let accounts: HashMap<UserId, (String, Option<OrganisationId>)> =
        accounts.into_iter().map(|(id, status, office)| (id, (status, office))).collect();
    let reviewers: HashSet<UserId> = user_roles::table
        .filter(user_roles::role.eq(Role::Reviewer))
        .filter(user_roles::user_id.eq_any(&people))
        .select(user_roles::user_id)
        .load(connection)?
        .into_iter()
        .collect();
    let members: HashSet<(PilotId, UserId)> = pilot_members::table
        .filter(pilot_members::pilot_id.eq_any(pilots))
        .filter(pilot_members::user_id.eq_any(&people))
        .select((pilot_members::pilot_id, pilot_members::user_id))
        .load(connection)?
        .into_iter()
        .collect();
    let reviews: HashSet<(FundingRequestId, UserId)> = funding_reviews::table
        .filter(funding_reviews::request_id.eq_any(requests))
        .filter(funding_reviews::reviewer_id.eq_any(&people))
        .select((funding_reviews::request_id, funding_reviews::reviewer_id))
        .load(connection)?
        .into_iter()
        .collect();
    let office = |person: UserId| accounts.get(&person).and_then(|(_, office)| *office);
    let offices =
        accounts.values().filter_map(|(_, office)| *office).chain(pairs.iter().map(|pair| pair.pilot.organisation_id));
    let parents = parents(connection, offices.collect())?;
    let of_pair = |pair: &Pair<'_>| {
        let (person, me) = (pair.person, Some(pair.person));
        let places = [office(pair.pilot.owner_id), Some(pair.pilot.organisation_id)];
        let near = |own: OrganisationId| places.iter().flatten().any(|place| are_in_line(own, *place, &parents));
        Ties {
            not_a_reviewer: !reviewers.contains(&person),
            account_inactive: accounts.get(&person).is_none_or(|(status, _)| status != "active"),
            in_the_team: members.contains(&(pair.pilot.id, person)),
            owns_the_pilot: pair.pilot.owner_id == person,
            same_office: office(person).is_some_and(near),
            recommended: pair.request.recommended_by == me,
            approved: pair.request.first_approver_id == me || pair.request.awarded_by == me,
            reviews_already: reviews.contains(&(pair.request.id, person)),
        }
    };
    Ok(pairs.iter().map(of_pair).collect())
}

/// Who stands above each of these organisations, and above those, up to the top: a statement for each level.
fn parents(
    connection: &mut DbConnection,
    mut level: HashSet<OrganisationId>,
) -> Result<HashMap<OrganisationId, OrganisationId>, AppError> {
    let mut found = HashMap::new();
    for _ in 0..DEEPEST {
        if level.is_empty() {
            break;
        }
        let above: Vec<(OrganisationId, Option<OrganisationId>)> = organisations::table
            .filter(organisations::id.eq_any(&level))
            .select((organisations::id, organisations::parent_id))
            .load(connection)?;
        let above: Vec<_> = above.into_iter().filter_map(|(id, parent)| parent.map(|parent| (id, parent))).collect();
        level = above.iter().map(|(_, parent)| *parent).filter(|parent| !found.contains_key(parent)).collect();
        found.extend(above);
    }
    Ok(found)
}

/// Whether two organisations are one, or one stands above the other.
fn are_in_line(left: OrganisationId, right: OrganisationId, parents: &HashMap<OrganisationId, OrganisationId>) -> bool {
    let is_above = |upper: OrganisationId, lower: OrganisationId| {
        std::iter::successors(Some(lower), |place| parents.get(place).copied()).take(DEEPEST).any(|it| it == upper)
    };
    is_above(left, right) || is_above(right, left)
}

/// Whether a review takes up its reviewer's time.
pub const OPEN: &[ReviewStatus] = &[ReviewStatus::Assigned, ReviewStatus::Declared];

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn sisters_are_not_in_line_and_all_above_and_below_are() {
        let office = |number: u128| OrganisationId::from(Uuid::from_u128(number));
        let [ministry, division, upazila, other] = [1, 2, 3, 4].map(office);
        let parents = HashMap::from([(division, ministry), (upazila, division), (other, ministry)]);
        for (left, right) in [(upazila, upazila), (upazila, ministry), (ministry, upazila), (division, upazila)] {
            assert!(are_in_line(left, right, &parents));
        }
        assert!(!are_in_line(other, upazila, &parents) && !are_in_line(division, other, &parents));
    }

    #[test]
    fn every_tie_is_told() {
        let all = Ties {
            not_a_reviewer: true,
            account_inactive: true,
            in_the_team: true,
            owns_the_pilot: true,
            same_office: true,
            recommended: true,
            approved: true,
            reviews_already: true,
        };
        assert_eq!((all.exclusions().len(), all.meanwhile().len(), Ties::default().exclusions().len()), (8, 7, 0));
    }
}
