using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Packing;

/// <summary>An image as <c>docker load</c> and <c>podman load</c> read it: a tar of layers, a configuration, and a list of both.</summary>
internal static class ImageArchive
{
    private const string List = "manifest.json";
    private const string Nanoseconds = "000000000";

    /// <summary>Puts a health check into the image's configuration, which the SDK cannot; the other files stay as they are.</summary>
    /// <param name="archive">The archive, which is replaced.</param>
    /// <param name="command">The command, as its arguments.</param>
    /// <exception cref="InvalidDataException">It is no archive of one image.</exception>
    public static void SetHealthCheck(string archive, IReadOnlyList<string> command)
    {
        (JsonObject entry, JsonObject configuration) = Read(archive);
        configuration["config"]!["Healthcheck"] = new JsonObject
        {
            ["Test"] = new JsonArray(["CMD", .. command.Select(word => JsonValue.Create(word))]),
            ["Interval"] = Seconds(30),
            ["Timeout"] = Seconds(10),
            ["StartPeriod"] = Seconds(300), // models are loaded, and converted on a GPU
            ["Retries"] = 3,
        };
        byte[] changed = JsonSerializer.SerializeToUtf8Bytes(configuration);
        string old = entry["Config"]!.GetValue<string>();
        string name = Convert.ToHexStringLower(SHA256.HashData(changed)) + ".json";
        entry["Config"] = name;
        Rewrite(archive, old, name, changed, JsonSerializer.SerializeToUtf8Bytes(new JsonArray(entry.DeepClone())));
    }

    /// <summary>The entry of the list, and the configuration.</summary>
    public static (JsonObject Entry, JsonObject Configuration) Read(string archive)
    {
        JsonObject entry = JsonNode.Parse(Content(archive, List)) is JsonArray { Count: 1 } list
            ? list[0]!.AsObject()
            : throw new InvalidDataException($"{archive} is no archive of one image.");
        return (entry, JsonNode.Parse(Content(archive, entry["Config"]!.GetValue<string>()))!.AsObject());
    }

    private static byte[] Content(string archive, string name)
    {
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name != name) { continue; }

            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            return content.ToArray();
        }

        throw new InvalidDataException($"{archive} has no {name}.");
    }

    private static void Rewrite(string archive, string old, string name, byte[] configuration, byte[] list)
    {
        string temporary = archive + ".tmp";
        using (var reader = new TarReader(File.OpenRead(archive)))
        using (var writer = new TarWriter(File.Create(temporary), TarEntryFormat.Pax))
        {
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.Name == old) { Add(writer, name, configuration); }
                else if (entry.Name == List) { Add(writer, List, list); }
                else { writer.WriteEntry(entry); }
            }
        }

        File.Move(temporary, archive, overwrite: true);
    }

    private static void Add(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });

    private static JsonValue Seconds(int seconds) => JsonValue.Create(long.Parse(seconds + Nanoseconds, System.Globalization.CultureInfo.InvariantCulture));
}
