//! The geocodes of the Bangladesh Bureau of Statistics (BBS): two digits for the division, two for the district, two for
//! the upazila. Those of the 64 districts, by their codes of ISO 3166-2:BD.

/// District and the four digits that its upazilas begin with.
const DISTRICTS: &[(&str, &str)] = &[
    ("BD-01", "2003"),
    ("BD-02", "1004"),
    ("BD-03", "5010"),
    ("BD-04", "2012"),
    ("BD-05", "4001"),
    ("BD-06", "1006"),
    ("BD-07", "1009"),
    ("BD-08", "2019"),
    ("BD-09", "2013"),
    ("BD-10", "2015"),
    ("BD-11", "2022"),
    ("BD-12", "4018"),
    ("BD-13", "3026"),
    ("BD-14", "5527"),
    ("BD-15", "3029"),
    ("BD-16", "2030"),
    ("BD-17", "3035"),
    ("BD-18", "3033"),
    ("BD-19", "5532"),
    ("BD-20", "6036"),
    ("BD-21", "4539"),
    ("BD-22", "4041"),
    ("BD-23", "4044"),
    ("BD-24", "5038"),
    ("BD-25", "1042"),
    ("BD-26", "3048"),
    ("BD-27", "4047"),
    ("BD-28", "5549"),
    ("BD-29", "2046"),
    ("BD-30", "4050"),
    ("BD-31", "2051"),
    ("BD-32", "5552"),
    ("BD-33", "3056"),
    ("BD-34", "4561"),
    ("BD-35", "3059"),
    ("BD-36", "3054"),
    ("BD-37", "4055"),
    ("BD-38", "6058"),
    ("BD-39", "4057"),
    ("BD-40", "3067"),
    ("BD-41", "4572"),
    ("BD-42", "3068"),
    ("BD-43", "4065"),
    ("BD-44", "5069"),
    ("BD-45", "5070"),
    ("BD-46", "5573"),
    ("BD-47", "2075"),
    ("BD-48", "5064"),
    ("BD-49", "5076"),
    ("BD-50", "1079"),
    ("BD-51", "1078"),
    ("BD-52", "5577"),
    ("BD-53", "3082"),
    ("BD-54", "5081"),
    ("BD-55", "5585"),
    ("BD-56", "2084"),
    ("BD-57", "4589"),
    ("BD-58", "4087"),
    ("BD-59", "5088"),
    ("BD-60", "6091"),
    ("BD-61", "6090"),
    ("BD-62", "3086"),
    ("BD-63", "3093"),
    ("BD-64", "5594"),
];

/// Mymensingh has been a division of its own since 2015; lists from before have its districts in Dhaka division.
const MYMENSINGH: (&str, &str) = ("45", "30");

/// Whether a text has the form of an upazila's geocode.
pub fn is_upazila(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits that the geocodes of a district's upazilas begin with, if the district is one of the 64.
pub fn of_district(district: &str) -> Option<&'static str> {
    DISTRICTS.iter().find(|(code, _)| *code == district).map(|(_, geocode)| *geocode)
}

/// Whether an upazila's geocode is one of this district, as far as we know the district.
pub fn lies_in(upazila: &str, district: &str) -> bool {
    let Some(geocode) = of_district(district) else { return true };
    let (now, before) = MYMENSINGH;
    let formerly = geocode.strip_prefix(now).map(|rest| format!("{before}{rest}"));
    upazila.starts_with(geocode) || formerly.is_some_and(|formerly| upazila.starts_with(&formerly))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_district_has_its_own_geocode_below_that_of_its_division() {
        let listed: Vec<(&str, &str)> = include_str!("data/districts.csv")
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut cells = line.split(',');
                Some((cells.next()?, cells.next()?))
            })
            .collect();
        let divisions = [
            ("BD-A", "10"),
            ("BD-B", "20"),
            ("BD-C", "30"),
            ("BD-D", "40"),
            ("BD-E", "50"),
            ("BD-F", "55"),
            ("BD-G", "60"),
            ("BD-H", "45"),
        ];
        assert_eq!((listed.len(), DISTRICTS.len()), (64, 64));
        for (district, division) in &listed {
            let of_division = divisions.iter().find(|(code, _)| code == division).unwrap().1;
            assert!(of_district(district).is_some_and(|code| code.starts_with(of_division)), "{district}");
        }
        let mut own: Vec<&str> = DISTRICTS.iter().filter_map(|(_, code)| code.get(2..)).collect();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), 64, "BBS numbers districts throughout the country");
    }

    #[test]
    fn an_upazila_lies_in_its_district_alone() {
        assert!(is_upazila("302672") && !is_upazila("30267") && !is_upazila("30267a") && !is_upazila("৩০২৬৭২"));
        assert!(lies_in("302672", "BD-13") && !lies_in("302672", "BD-28"));
        assert!(lies_in("456124", "BD-34") && lies_in("306124", "BD-34") && !lies_in("506124", "BD-34"));
        assert!(lies_in("999999", "BD-99"), "of a district that is new we know nothing");
    }
}
