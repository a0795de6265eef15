using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace LaionStream.Packing;

/// <summary>
/// A bill of materials in CycloneDX 1.6: the packages that a published program has, by its own list (<c>deps.json</c>), with their digests, licences and
/// dependencies. The same inputs give the same bytes.
/// </summary>
internal static class BillOfMaterials
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the bill.</summary>
    /// <param name="deps">The program's <c>deps.json</c>.</param>
    /// <param name="packages">Folder of the restored packages, whose licences are read there.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="commit">The commit that it was built from.</param>
    /// <param name="time">When that was made, in ISO 8601: a bill of a later day is the same.</param>
    /// <exception cref="InvalidDataException">The list is none.</exception>
    public static byte[] Of(byte[] deps, string packages, string version, string commit, string time)
    {
        JsonNode list = JsonNode.Parse(deps) ?? throw new InvalidDataException("The list of dependencies is empty.");
        JsonObject libraries = list["libraries"]?.AsObject() ?? throw new InvalidDataException("The list of dependencies has no libraries.");
        JsonObject target = list["targets"]![list["runtimeTarget"]!["name"]!.GetValue<string>()]!.AsObject();
        string[] names = [.. libraries.Where(library => library.Value!["type"]!.GetValue<string>() == "package").Select(library => library.Key)
            .Order(StringComparer.Ordinal)];
        string program = $"pkg:generic/laion-stream@{version}";
        var bill = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{IdOf(deps, version, commit)}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = time,
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = program,
                    ["name"] = "laion-stream",
                    ["version"] = version,
                    ["purl"] = program,
                    ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = "Apache-2.0" } }),
                    ["properties"] = new JsonArray(new JsonObject { ["name"] = "commit", ["value"] = commit }),
                },
            },
            ["components"] = new JsonArray([.. names.Select(name => Component(name, libraries[name]!, packages))]),
            ["dependencies"] = new JsonArray([Needs(program, names.Select(Purl)), .. names.Select(name => Needs(Purl(name), DependenciesOf(name, target, names)))]),
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(bill, Written), (byte)'\n'];
    }

    private static JsonObject Component(string library, JsonNode entry, string packages)
    {
        (string name, string version) = Split(library);
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = Purl(library),
            ["name"] = name,
            ["version"] = version,
            ["purl"] = Purl(library),
        };
        const string Prefix = "sha512-";
        if (entry["sha512"]?.GetValue<string>() is { } digest && digest.StartsWith(Prefix, StringComparison.Ordinal))
        {
            string hex = Convert.ToHexStringLower(Convert.FromBase64String(digest[Prefix.Length..]));
            component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = hex });
        }

        if (Licence(Path.Combine(packages, name.ToLowerInvariant(), version.ToLowerInvariant(), $"{name.ToLowerInvariant()}.nuspec")) is { } licence)
        {
            component["licenses"] = new JsonArray(licence);
        }

        return component;
    }

    /// <summary>The licence that a package declares: an SPDX expression, else a file or an address.</summary>
    private static JsonObject? Licence(string nuspec)
    {
        if (!File.Exists(nuspec)) { return null; }

        XElement[] all = [.. XDocument.Load(nuspec).Descendants()];
        XElement? licence = all.FirstOrDefault(element => element.Name.LocalName == "license");
        return licence switch
        {
            { Value: var expression } when licence.Attribute("type")?.Value == "expression" => new JsonObject { ["expression"] = expression },
            { Value: var file } => new JsonObject { ["license"] = new JsonObject { ["name"] = $"file {file}" } },
            _ when all.FirstOrDefault(element => element.Name.LocalName == "licenseUrl") is { Value: var address } =>
                new JsonObject { ["license"] = new JsonObject { ["name"] = "see address", ["url"] = address } },
            _ => null,
        };
    }

    private static IEnumerable<string> DependenciesOf(string library, JsonObject target, string[] names) =>
        (target[library]?["dependencies"]?.AsObject() ?? []).Select(pair => $"{pair.Key}/{pair.Value!.GetValue<string>()}").Where(names.Contains).Select(Purl);

    private static JsonObject Needs(string from, IEnumerable<string> to) =>
        new() { ["ref"] = from, ["dependsOn"] = new JsonArray([.. to.Order(StringComparer.Ordinal).Select(one => JsonValue.Create(one))]) };

    private static string Purl(string library)
    {
        (string name, string version) = Split(library);
        return $"pkg:nuget/{name}@{version}";
    }

    private static (string Name, string Version) Split(string library) => library.Split('/') is [var name, var version]
        ? (name, version)
        : throw new InvalidDataException($"'{library}' is no library of a list of dependencies.");

    private static Guid IdOf(byte[] deps, string version, string commit)
    {
        byte[] digest = SHA256.HashData([.. deps, .. System.Text.Encoding.UTF8.GetBytes($"{version} {commit}")])[..16];
        digest[7] = (byte)((digest[7] & 0x0F) | 0x80); // version 8 of RFC 9562: of the maker's own content
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest);
    }
}
