using System.Globalization;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Names and types of EXIF tags (Exif 2.32; names as exifread's).</summary>
internal static class ExifTags
{
    /// <summary>Unsigned 8 bits.</summary>
    public const int Byte = 1;

    /// <summary>Text that ends with NUL.</summary>
    public const int Ascii = 2;

    /// <summary>Unsigned 16 bits.</summary>
    public const int Short = 3;

    /// <summary>Unsigned 32 bits.</summary>
    public const int Long = 4;

    /// <summary>Two unsigned 32 bits: numerator and denominator.</summary>
    public const int Rational = 5;

    /// <summary>Signed 8 bits.</summary>
    public const int SignedByte = 6;

    /// <summary>Bytes whose meaning depends on the tag.</summary>
    public const int Undefined = 7;

    /// <summary>Signed 16 bits.</summary>
    public const int SignedShort = 8;

    /// <summary>Signed 32 bits.</summary>
    public const int SignedLong = 9;

    /// <summary>Two signed 32 bits.</summary>
    public const int SignedRational = 10;

    /// <summary>IEEE 754, 32 bits.</summary>
    public const int Float = 11;

    /// <summary>IEEE 754, 64 bits.</summary>
    public const int Double = 12;

    /// <summary>A comment with its character set.</summary>
    public const ushort UserComment = 0x9286;

    private const ushort MakerNote = 0x927C;

    private static readonly int[] Sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

    private static readonly Dictionary<ushort, string> Names = new()
    {
        [0x00FE] = "SubfileType",
        [0x0100] = "ImageWidth",
        [0x0101] = "ImageLength",
        [0x0102] = "BitsPerSample",
        [0x0103] = "Compression",
        [0x0106] = "PhotometricInterpretation",
        [0x010D] = "DocumentName",
        [0x010E] = "ImageDescription",
        [0x010F] = "Make",
        [0x0110] = "Model",
        [0x0112] = "Orientation",
        [0x0115] = "SamplesPerPixel",
        [0x0116] = "RowsPerStrip",
        [0x011A] = "XResolution",
        [0x011B] = "YResolution",
        [0x011C] = "PlanarConfiguration",
        [0x0128] = "ResolutionUnit",
        [0x012D] = "TransferFunction",
        [0x0131] = "Software",
        [0x0132] = "DateTime",
        [0x013B] = "Artist",
        [0x013C] = "HostComputer",
        [0x013E] = "WhitePoint",
        [0x013F] = "PrimaryChromaticities",
        [0x0211] = "YCbCrCoefficients",
        [0x0212] = "YCbCrSubSampling",
        [0x0213] = "YCbCrPositioning",
        [0x0214] = "ReferenceBlackWhite",
        [0x4746] = "Rating",
        [0x8298] = "Copyright",
        [0x9C9B] = "XPTitle",
        [0x9C9C] = "XPComment",
        [0x9C9D] = "XPAuthor",
        [0x9C9E] = "XPKeywords",
        [0x9C9F] = "XPSubject",
        [0x829A] = "ExposureTime",
        [0x829D] = "FNumber",
        [0x8822] = "ExposureProgram",
        [0x8824] = "SpectralSensitivity",
        [0x8827] = "ISOSpeedRatings",
        [0x8830] = "SensitivityType",
        [0x8832] = "RecommendedExposureIndex",
        [0x8833] = "ISOSpeed",
        [0x9000] = "ExifVersion",
        [0x9003] = "DateTimeOriginal",
        [0x9004] = "DateTimeDigitized",
        [0x9010] = "OffsetTime",
        [0x9011] = "OffsetTimeOriginal",
        [0x9012] = "OffsetTimeDigitized",
        [0x9101] = "ComponentsConfiguration",
        [0x9102] = "CompressedBitsPerPixel",
        [0x9201] = "ShutterSpeedValue",
        [0x9202] = "ApertureValue",
        [0x9203] = "BrightnessValue",
        [0x9204] = "ExposureBiasValue",
        [0x9205] = "MaxApertureValue",
        [0x9206] = "SubjectDistance",
        [0x9207] = "MeteringMode",
        [0x9208] = "LightSource",
        [0x9209] = "Flash",
        [0x920A] = "FocalLength",
        [0x9214] = "SubjectArea",
        [UserComment] = "UserComment",
        [0x9290] = "SubSecTime",
        [0x9291] = "SubSecTimeOriginal",
        [0x9292] = "SubSecTimeDigitized",
        [0xA000] = "FlashPixVersion",
        [0xA001] = "ColorSpace",
        [0xA002] = "ExifImageWidth",
        [0xA003] = "ExifImageLength",
        [0xA20E] = "FocalPlaneXResolution",
        [0xA20F] = "FocalPlaneYResolution",
        [0xA210] = "FocalPlaneResolutionUnit",
        [0xA214] = "SubjectLocation",
        [0xA215] = "ExposureIndex",
        [0xA217] = "SensingMethod",
        [0xA300] = "FileSource",
        [0xA301] = "SceneType",
        [0xA302] = "CVAPattern",
        [0xA401] = "CustomRendered",
        [0xA402] = "ExposureMode",
        [0xA403] = "WhiteBalance",
        [0xA404] = "DigitalZoomRatio",
        [0xA405] = "FocalLengthIn35mmFilm",
        [0xA406] = "SceneCaptureType",
        [0xA407] = "GainControl",
        [0xA408] = "Contrast",
        [0xA409] = "Saturation",
        [0xA40A] = "Sharpness",
        [0xA40C] = "SubjectDistanceRange",
        [0xA420] = "ImageUniqueID",
        [0xA430] = "CameraOwnerName",
        [0xA431] = "BodySerialNumber",
        [0xA432] = "LensSpecification",
        [0xA433] = "LensMake",
        [0xA434] = "LensModel",
        [0xA435] = "LensSerialNumber",
    };

    private static readonly string[] GpsNames =
    [
        "GPSVersionID", "GPSLatitudeRef", "GPSLatitude", "GPSLongitudeRef", "GPSLongitude", "GPSAltitudeRef", "GPSAltitude", "GPSTimeStamp", "GPSSatellites",
        "GPSStatus", "GPSMeasureMode", "GPSDOP", "GPSSpeedRef", "GPSSpeed", "GPSTrackRef", "GPSTrack", "GPSImgDirectionRef", "GPSImgDirection", "GPSMapDatum",
        "GPSDestLatitudeRef", "GPSDestLatitude", "GPSDestLongitudeRef", "GPSDestLongitude", "GPSDestBearingRef", "GPSDestBearing", "GPSDestDistanceRef",
        "GPSDestDistance", "GPSProcessingMethod", "GPSAreaInformation", "GPSDate", "GPSDifferential",
    ];

    /// <summary>Bytes of one value of a type; 0 for an unknown type.</summary>
    public static int SizeOf(int type) => type < Sizes.Length ? Sizes[type] : 0;

    /// <summary>Whether a tag is never written: the maker's note, whose form only the maker knows.</summary>
    public static bool IsLeftOut(ushort tag) => tag == MakerNote;

    /// <summary>Whether a tag's bytes are UTF-16, as Windows writes them.</summary>
    public static bool IsUtf16(ushort tag) => tag is >= 0x9C9B and <= 0x9C9F;

    /// <summary>A tag's name in a directory; <c>Tag 0x1234</c> for an unknown one.</summary>
    public static string NameOf(string directory, ushort tag) =>
        directory == "GPS" ? tag < GpsNames.Length ? GpsNames[tag] : Unknown(tag)
        : directory == "Interoperability" ? tag == 1 ? "InteroperabilityIndex" : tag == 2 ? "InteroperabilityVersion" : Unknown(tag)
        : Names.GetValueOrDefault(tag) ?? Unknown(tag);

    private static string Unknown(ushort tag) => string.Create(CultureInfo.InvariantCulture, $"Tag 0x{tag:X4}");
}
