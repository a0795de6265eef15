namespace LaionStream.Host.Configuration;

/// <summary>Where settings come from, in order: the file, its environment's variant, environment variables, the command line.</summary>
/// <param name="file">The settings file; null when there is none and the defaults in code hold.</param>
/// <param name="commandLine">Keys given as <c>--Laion:Section:Key=value</c> and by the verb's own options.</param>
internal sealed class LaionConfiguration(string? file, IReadOnlyDictionary<string, string?> commandLine)
{
    private const string FileName = "appsettings.json";

    /// <summary>The settings file.</summary>
    public string? File { get; } = file;

    /// <summary>Finds the settings file: the one named, else in the working folder, else beside the executable.</summary>
    /// <param name="named">Value of <c>--config</c>.</param>
    /// <param name="commandLine">Keys from the command line.</param>
    /// <exception cref="UsageException">The named file is not there.</exception>
    public static LaionConfiguration Find(string? named, IReadOnlyDictionary<string, string?> commandLine)
    {
        if (named is not null)
        {
            return System.IO.File.Exists(named)
                ? new LaionConfiguration(Path.GetFullPath(named), commandLine)
                : throw new UsageException([$"--config: '{named}' is not there."]);
        }

        string? found = new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .Select(folder => Path.Combine(folder, FileName))
            .FirstOrDefault(System.IO.File.Exists);
        return new LaionConfiguration(found, commandLine);
    }

    /// <summary>Reads all sources anew.</summary>
    /// <exception cref="UsageException">The file is not JSON.</exception>
    public IConfigurationRoot Read()
    {
        var builder = new ConfigurationBuilder();
        if (File is not null)
        {
            string variant = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
            builder.AddJsonFile(File, optional: false, reloadOnChange: false);
            builder.AddJsonFile(Path.ChangeExtension(File, $".{variant}.json"), optional: true, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables();
        builder.AddInMemoryCollection(commandLine);
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException e)
        {
            throw new UsageException([$"{File}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }
}
