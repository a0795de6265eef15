using System.Text.Json;
using System.Text.Json.Serialization;
using LaionStream.Models.Heads;

namespace LaionStream.Models.Catalog;

/// <summary>How <c>models.json</c> is read: comments and trailing commas are allowed, unknown keys are not.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters = [typeof(Name<ModelKind>), typeof(Name<Activation>), typeof(Name<ImageFit>), typeof(Name<PromptList>)])]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>Values by their names in kebab case, never by their numbers.</summary>
    private sealed class Name<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
        where T : struct, Enum;
}
