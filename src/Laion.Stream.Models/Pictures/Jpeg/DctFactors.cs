namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The factors of libjpeg's accurate integer DCT (jfdctint.c, jidctint.c) with 13 fraction bits: F0298 is 0.298631336.</summary>
internal static class DctFactors
{
    public const short F0298 = 2446, F0390 = 3196, F0541 = 4433, F0765 = 6270, F0899 = 7373, F1175 = 9633;
    public const short F1501 = 12299, F1847 = 15137, F1961 = 16069, F2053 = 16819, F2562 = 20995, F3072 = 25172;
}
