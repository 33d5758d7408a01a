//! What the letters about a handover say: Bangla first, English below. Plain text: nothing in it is ever run or loaded.

use super::{letters::News, rows::HandoverRow};
use crate::platform::{mail::plain_text, text::bangla_digits};

/// A name or a title in two languages.
pub struct Named {
    /// Bangla.
    pub bn: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Named {
    fn bn(&self) -> String {
        plain_text(self.bn.as_deref().or(self.en.as_deref()).unwrap_or_default())
    }

    fn en(&self) -> String {
        plain_text(self.en.as_deref().or(self.bn.as_deref()).unwrap_or_default())
    }
}

/// The pilot that is handed over.
pub struct Pilot {
    /// What people call it by; a draft has none.
    pub reference: Option<String>,
    /// Its title.
    pub title: Named,
}

/// Subject and text. `reader` gets the letter, `other` is the person that it speaks of.
pub fn letter(
    news: News,
    reader: &Named,
    other: &Named,
    pilot: &Pilot,
    row: &HandoverRow,
    public_url: &str,
) -> (String, String) {
    let place = format!("{public_url}/handovers/{}", row.id);
    let suffix = pilot.reference.as_ref().map(|reference| format!(" ({reference})")).unwrap_or_default();
    let (title_bn, title_en) = (format!("“{}”{suffix}", pilot.title.bn()), format!("“{}”{suffix}", pilot.title.en()));
    let until = row.expires_at.day_in_dhaka().to_string();
    let (other_bn, other_en) = (other.bn(), other.en());
    let (subject_bn, subject_en, bn, en) = match news {
        News::Offered => (
            "একটি পাইলট আপনাকে হস্তান্তরের প্রস্তাব",
            "A pilot is offered to you",
            format!(
                "{other_bn}-এর পাইলট {title_bn} আপনার কাছে হস্তান্তরের প্রস্তাব করা হয়েছে। {} তারিখ পর্যন্ত আপনি পাইলটটি পড়তে এবং \
                 প্রস্তাব গ্রহণ বা প্রত্যাখ্যান করতে পারেন।",
                bangla_digits(&until)
            ),
            format!(
                "the pilot {title_en} of {other_en} is offered to you. Until {until} you can read it, and accept or \
                 decline the offer."
            ),
        ),
        News::Accepted => (
            "আপনার প্রস্তাব গৃহীত হয়েছে",
            "Your offer was accepted",
            format!("{other_bn} প্রস্তাব গ্রহণ করেছেন এবং এখন পাইলট {title_bn}-এর স্বত্বাধিকারী।"),
            format!("{other_en} accepted the offer and owns the pilot {title_en} now."),
        ),
        News::Declined => (
            "আপনার প্রস্তাব গৃহীত হয়নি",
            "Your offer was declined",
            format!("{other_bn} পাইলট {title_bn} গ্রহণ করেননি। স্বত্বাধিকারী আগের মতোই আছেন।"),
            format!("{other_en} declined the pilot {title_en}. Its owner is who it was."),
        ),
        News::Withdrawn => (
            "হস্তান্তরের প্রস্তাব ফিরিয়ে নেওয়া হয়েছে",
            "An offer was taken back",
            format!("{other_bn}-এর পাইলট {title_bn} আপনার কাছে হস্তান্তরের প্রস্তাব ফিরিয়ে নেওয়া হয়েছে। আপনাকে কিছু করতে হবে না।"),
            format!("the offer of the pilot {title_en} of {other_en} was taken back. You need not do anything."),
        ),
    };
    let text =
        format!("প্রিয় {},\n\n{bn}\n\n{place}\n\n----\n\nDear {},\n\n{en}\n\n{place}\n", reader.bn(), reader.en());
    (format!("{subject_bn} / {subject_en}"), text)
}
