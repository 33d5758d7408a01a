//! What a pilot refers to must exist: services, sectors, districts, SDG targets. All that is missing is named at once.

use super::content::PilotContent;
use crate::{
    features::reference::{self, Scheme},
    platform::{
        db::DbConnection,
        error::{AppError, FieldError},
    },
};

const UNKNOWN: &str = "unknown_reference";

/// Checks the references of a content and fills in the sector of its service.
///
/// # Errors
/// `ValidationFailed` naming each reference that leads nowhere; those of the database.
pub fn resolve(connection: &mut DbConnection, mut content: PilotContent) -> Result<PilotContent, AppError> {
    let mut errors = Vec::new();
    if let Some(id) = content.service_id {
        match reference::find_service(connection, id)? {
            Some(service) => content.sector_code = content.sector_code.or(Some(service.sector_code)),
            None => {
                errors.push(FieldError::body("/service_id", UNKNOWN, "There is no such service.", "এমন কোনো সেবা নেই।"))
            }
        }
    }
    let sectors: Vec<String> = content.sector_code.iter().cloned().collect();
    if !reference::unknown_codes(connection, Scheme::Sector, &sectors)?.is_empty() {
        errors.push(FieldError::body("/sector_code", UNKNOWN, "There is no such sector.", "এমন কোনো খাত নেই।"));
    }
    for index in reference::unknown_codes(connection, Scheme::District, &content.districts)? {
        errors.push(FieldError::body(
            format!("/districts/{index}"),
            UNKNOWN,
            "There is no such district.",
            "এমন কোনো জেলা নেই।",
        ));
    }
    let parents = reference::parent_of_each(connection, Scheme::Upazila, &content.upazilas)?;
    for (index, code) in content.upazilas.iter().enumerate() {
        let pointer = format!("/upazilas/{index}");
        match parents.iter().find(|(known, _)| known == code) {
            None => errors.push(FieldError::body(pointer, UNKNOWN, "There is no such upazila.", "এমন কোনো উপজেলা নেই।")),
            Some((_, Some(district))) if content.districts.contains(district) => {}
            Some(_) => errors.push(FieldError::body(
                pointer,
                "wrong_parent",
                "The upazila lies in none of the districts.",
                "উপজেলাটি উল্লিখিত কোনো জেলার নয়।",
            )),
        }
    }
    for index in reference::unknown_codes(connection, Scheme::SdgTarget, &content.sdg_targets)? {
        errors.push(FieldError::body(
            format!("/sdg_targets/{index}"),
            UNKNOWN,
            "There is no such SDG target.",
            "এমন কোনো এসডিজি লক্ষ্যমাত্রা নেই।",
        ));
    }
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    content.tags = content.tags.iter().map(|tag| tag.to_lowercase()).collect();
    for list in [&mut content.districts, &mut content.upazilas, &mut content.sdg_targets, &mut content.tags] {
        keep_first(list);
    }
    keep_first(&mut content.underserved);
    Ok(content)
}

/// Drops repetitions, keeps the order.
fn keep_first<T: PartialEq + Clone>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::with_capacity(list.len());
    for item in list.iter() {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    *list = kept;
}
