//! The roles of the programme. A person can hold several.

use crate::platform::text_enum::text_enum;

text_enum! {
    /// What a person is in the programme.
    Role {
        /// Civil servant who owns or joins pilots.
        Innovator = "innovator",
        /// Present or former colleague who advises a pilot.
        Mentor = "mentor",
        /// a2i staff who screen, decide gates and verify TCV.
        ProgrammeOfficer = "programme_officer",
        /// a2i fund staff who run rounds.
        FundOfficer = "fund_officer",
        /// Technical committee member who scores funding requests.
        Reviewer = "reviewer",
        /// Awards or declines grants.
        FundApprover = "fund_approver",
        /// Disburses tranches and checks expenditure.
        FinanceOfficer = "finance_officer",
        /// Focal point of a ministry or directorate.
        Consultee = "consultee",
        /// Holds circles, fairs, showcases and trainings.
        Organiser = "organiser",
        /// Reads everything, decides nothing.
        Auditor = "auditor",
        /// Keeps users, roles and reference data.
        Admin = "admin",
    }
}

impl Role {
    /// Staff see what is not public yet: a2i's programme and fund staff, auditors, administrators.
    pub const STAFF: &'static [Self] = &[
        Self::ProgrammeOfficer,
        Self::FundOfficer,
        Self::FundApprover,
        Self::FinanceOfficer,
        Self::Auditor,
        Self::Admin,
    ];

    const fn bit(self) -> u16 {
        match self {
            Self::Innovator => 1,
            Self::Mentor => 1 << 1,
            Self::ProgrammeOfficer => 1 << 2,
            Self::FundOfficer => 1 << 3,
            Self::Reviewer => 1 << 4,
            Self::FundApprover => 1 << 5,
            Self::FinanceOfficer => 1 << 6,
            Self::Consultee => 1 << 7,
            Self::Organiser => 1 << 8,
            Self::Auditor => 1 << 9,
            Self::Admin => 1 << 10,
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(u16);

impl RoleSet {
    /// Whether `role` is in it.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether any of `roles` is in it.
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// Whether it sees what is not public yet.
    pub fn is_staff(self) -> bool {
        self.has_any(Role::STAFF)
    }

    /// Its members, in the order of [`Role::ALL`].
    pub fn to_vec(self) -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| self.has(*role)).collect()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | role.bit()))
    }
}
