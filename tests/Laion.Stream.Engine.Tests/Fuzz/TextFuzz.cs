using LaionStream.Engine.Tests.Candidates.Captions;
using LaionStream.Engine.Tests.Candidates.Urls;
using LaionStream.Engine.Tests.Text.Cld3;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>What is done to every link: URL, caption, language. The promises stand with those rooms' own tests.</summary>
internal static class TextFuzz
{
    public static void Urls(int seed) => UrlFuzzTests.Fuzz(seed, 500);

    public static void Captions(int seed) => new CaptionFuzzTests().Fuzz(seed, 200);

    public static void Languages(int seed) => Cld3LanguageModelTests.Fuzz(seed, 10);
}
