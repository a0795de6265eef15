using LaionStream.Text.Languages;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine.Language;

/// <summary>Registration of the module.</summary>
internal static class LanguageServices
{
    /// <summary>Adds the language stage and its model.</summary>
    public static IServiceCollection AddLanguage(this IServiceCollection services) => services
        .AddSingleton<ILanguageModel>(new Cld3LanguageModel())
        .AddSingleton<LanguageStage>();
}
