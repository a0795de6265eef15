using System.Text.Json;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace LaionStream.Host.Configuration;

/// <summary>The sources of settings, in order: the file, its environment's variant, environment variables, the command line.</summary>
/// <param name="file">The settings file; null when there is none and the defaults in code apply.</param>
/// <param name="commandLine">Keys given as <c>--Laion:Section:Key=value</c> and by the verb's own options.</param>
internal sealed class LaionConfiguration(string? file, IReadOnlyDictionary<string, string?> commandLine)
{
    private const string FileName = "appsettings.json";

    /// <summary>The settings file.</summary>
    public string? File { get; } = file;

    /// <summary>Finds the settings file: the one given, else in the working folder, else beside the executable.</summary>
    /// <param name="named">Value of <c>--config</c>.</param>
    /// <param name="commandLine">Keys from the command line.</param>
    /// <exception cref="UsageException">The given file does not exist.</exception>
    public static LaionConfiguration Find(string? named, IReadOnlyDictionary<string, string?> commandLine)
    {
        if (named is not null)
        {
            return System.IO.File.Exists(named)
                ? new LaionConfiguration(Path.GetFullPath(named), commandLine)
                : throw new UsageException([$"--config: '{named}' {(Directory.Exists(named) ? "is a folder; a file is wanted" : "is not there")}."]);
        }

        string? found = new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .Select(folder => Path.Combine(folder, FileName))
            .FirstOrDefault(System.IO.File.Exists);
        return new LaionConfiguration(found, commandLine);
    }

    /// <summary>Reads all sources again. A source with a list gives the whole list: the runtime would merge the items of several sources by index.</summary>
    /// <exception cref="UsageException">A file is not JSON, or cannot be read.</exception>
    public IConfigurationRoot Read()
    {
        IConfigurationProvider[] sources =
            [.. Files(), new EnvironmentVariablesConfigurationProvider(),
            new MemoryConfigurationProvider(new MemoryConfigurationSource { InitialData = commandLine })];
        var errors = new List<string>();
        foreach (IConfigurationProvider source in sources)
        {
            if (LoadError(source) is { } error) { errors.Add(error); }
        }

        return errors.Count > 0 ? throw new UsageException(errors) : Merged(sources);
    }

    /// <summary>Top-level keys of the files other than <c>Laion</c>, which nothing reads. One line each.</summary>
    /// <exception cref="UsageException">A file is not JSON, or cannot be read.</exception>
    public IEnumerable<string> KeysOutside()
    {
        foreach (JsonConfigurationProvider source in Files())
        {
            if (LoadError(source) is { } error) { throw new UsageException([error]); }
            foreach (string key in source.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(key => key != "$schema" && !key.Equals("Laion", StringComparison.OrdinalIgnoreCase)))
            {
                string? section = Spelling.Nearest(key, KnownKeys.Sections.Keys);
                string hint = section is not null ? $"; did you mean Laion:{section}?" : Spelling.Hint(key, ["Laion"]);
                yield return $"{key}: stands outside Laion in {source.Source.Path} and sets nothing{SettingsCheck.End(hint)}";
            }
        }
    }

    private static IConfigurationRoot Merged(IEnumerable<IConfigurationProvider> sources)
    {
        var merged = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationProvider source in sources)
        {
            Dictionary<string, string?> own = new ConfigurationRoot([source]).AsEnumerable().Where(pair => pair.Value is not null)
                .ToDictionary(StringComparer.OrdinalIgnoreCase);
            foreach (string list in KnownKeys.Lists.Where(list => own.Keys.Any(key => IsOf(list, key))))
            {
                foreach (string earlier in merged.Keys.Where(key => IsOf(list, key)).ToArray()) { merged.Remove(earlier); }
            }

            foreach ((string key, string? value) in own) { merged[key] = value; }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(merged).Build();
    }

    private static bool IsOf(string list, string key) =>
        key.StartsWith(list, StringComparison.OrdinalIgnoreCase) && (key.Length == list.Length || key[list.Length] == ':');

    private IEnumerable<JsonConfigurationProvider> Files()
    {
        if (File is null) { yield break; }

        string variant = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
        foreach ((string path, bool isOptional) in new[] { (File, false), (Path.ChangeExtension(File, $".{variant}.json"), true) })
        {
            var source = new JsonConfigurationSource { Path = path, Optional = isOptional, ReloadOnChange = false };
            source.ResolveFileProvider();
            yield return new JsonConfigurationProvider(source);
        }
    }

    private static string? LoadError(IConfigurationProvider source)
    {
        try
        {
            source.Load();
            return null;
        }
        catch (InvalidDataException e)
        {
            return $"{PathOf(source)}: {Cause(e)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{PathOf(source)}: {e.Message}";
        }
    }

    private static string PathOf(IConfigurationProvider source) => source is JsonConfigurationProvider { Source.Path: { } path } ? path : "settings";

    private static string Cause(Exception e)
    {
        while (e.InnerException is { } inner) { e = inner; }
        if (e is not JsonException { LineNumber: { } line, BytePositionInLine: { } column }) { return e.Message; }

        int place = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal); // 0-based there, unlike in any editor
        return FormattableString.Invariant($"line {line + 1}, column {column + 1}: {(place < 0 ? e.Message : e.Message[..place])}");
    }
}
