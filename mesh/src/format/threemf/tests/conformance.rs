//! The validation files of the 3MF consortium: what must pass is read, what must fail is refused
//! for the reason that the file was made to show.

use crate::fixtures::{LIMITS, data, files_below};
use crate::read_model;

/// Files on which we disagree with their authors, and why.
const DISAGREEMENTS: &[(&str, &str)] = &[(
    "MUSTFAIL_Chapter3.4.1a_MissingMetadataName.3mf",
    "its fault is metadata of the name Undefined; MUSTPASS_Chapter3.4.1c has the same of the name \
     MustIgnore, and the specification advises to ignore names that are not known",
)];

/// What the refusal of each must-fail file says.
const REASONS: &[(&str, &str)] = &[
    ("Chapter2_DuplicatedColorGroupId", "line 23: id 3 is there twice"),
    ("Chapter2_DuplicatedIdAcrossGroup", "line 17: id 2 is there twice"),
    ("Chapter2_MissingColorValue", "line 18: attribute color is missing"),
    ("Chapter3_DuplicatedTexture2DGroup", "id 4 is there twice"),
    ("Chapter3_MissingTexId", "attribute texid is missing"),
    ("Chapter4a_DuplicatedCompositeMaterials", "id 5 is there twice"),
    ("Chapter4b_MatId_IsNotBaseMaterials", "matid=3 refers to no basematerials"),
    ("Chapter4c_MissingMatidMatIndices", "attribute matid is missing"),
    ("Chapter4d_MissingMatIndices", "attribute matindices is missing"),
    ("Chapter5a_MissingPIDs", "attribute pids is missing"),
    ("Chapter5b_MultipleReferenceToBaseAndComposite", "more than one group of materials"),
    ("Chapter5b_MultipleReferenceToBaseMatterials", "more than one group of materials"),
    ("Chapter5b_ReferToAnotherMultiProperties", "multiproperties from multiproperties"),
    ("Chapter5c_MultipleReferenceToColorgroup", "more than one colorgroup"),
    ("Chapter5d_MultipleReferenceToComposite", "more than one group of materials"),
    ("Chapter5e_ReferenceToMultiProperties", "multiproperties from multiproperties"),
    ("Chapter6_2DTexture_InvalidContentType", "contenttype \"\" of a texture"),
    ("Chapter6_2DTexture_MissingPath", "attribute path is missing"),
    ("Chapter2.1.1a_PartsRelationships_NonExist3DModelPart", "names no 3D model part"),
    ("Chapter2.1.1b_PartsRelationships_LinkToExternal", "lies outside of the package"),
    ("Chapter2.1.2_PartsRelationships_MoreThanOne3DModel", "more than one 3D model part"),
    ("Chapter2.1.3_PartsRelationships_NonExistThumbnail", "nothumbnailfile.png\", which is not"),
    ("Chapter2.1.4_PartsRelationships_MoreThanOnePrintTick", "more than one print ticket"),
    ("Chapter2.3.2a_NonUTF_Encoding", "UTF-8"),
    ("Chapter2.3.2b_DataTypeDefinitionInXMLMarkup", "a DTD is not allowed"),
    ("Chapter2.3.2c_UndefinedNameSpaceInXDS", "newproperty of another name space"),
    ("Chapter2.3.2d_UndefinedXMLXSIInXSDSchema", "xsi:type is of XML schema instances"),
    ("Chapter2.3.4_WhiteSpace", "xml:space is not allowed"),
    ("Chapter3.4.1b_DuplicatedMetadataName", "metadata Title is there twice"),
    ("Chapter3.4.3.1a_NotMatchingObjectIdInBuildItem", "object 14 is referred to"),
    ("Chapter3.4.3.1b_BuildItemReferToObjectOfTypeOther", "object 8 of type other"),
    ("Chapter3.4a_MoreThanOneModel", "more than one model"),
    ("Chapter3.4b_MissingBuildElement", "has no build"),
    ("Chapter3.4c_MissingResourceElement", "has no resources"),
    ("Chapter4a_InvalidObjectType", "object type \"invalidtype\""),
    ("Chapter4b_PID_IsNotSpecified", "object 7 has pindex without pid"),
    ("Chapter5a_DuplicatedBaseMaterials", "id 1 is there twice"),
];

/// Every refusal is one of reading; none is left to inspection of the surface.
#[test]
fn validation_files_of_the_consortium() {
    let Some(folder) = data("3mf-samples/validation tests/_archive") else { return };
    let (mut agree, mut all, mut disagree) = (0, 0, Vec::new());
    for file in files_below(&folder, "3mf") {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let read = read_model(&std::fs::read(&file).unwrap(), "a.3mf", None, &LIMITS);
        let must_pass = name.starts_with("MUSTPASS");
        all += 1;
        if read.is_ok() == must_pass {
            agree += 1;
        } else {
            disagree.push(name.clone());
        }
        match (read, must_pass) {
            (Ok(model), true) => {
                let faults: Vec<_> = model.faults.iter().map(|f| f.text.as_str()).collect();
                println!("read {name}: {} triangles {faults:?}", model.mesh.triangles.len());
            }
            (Err(error), _) => {
                let text = error.to_string();
                println!("refused {name}: {text}");
                let (_, reason) = REASONS
                    .iter()
                    .find(|(part, _)| name.contains(part))
                    .unwrap_or_else(|| panic!("{name} is refused without a known reason"));
                assert!(text.contains("E2030") && text.contains(reason), "{name}: {text}");
            }
            (Ok(_), false) => {}
        }
    }
    let expected: Vec<_> = DISAGREEMENTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(disagree, expected);
    assert!(all == 51 && agree >= 49, "{agree} of {all} agree");
    for (name, why) in DISAGREEMENTS {
        println!("disagree: {name}: {why}");
    }
}
