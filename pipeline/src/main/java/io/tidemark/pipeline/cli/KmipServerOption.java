package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.UsageError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which key service is asked. */
final class KmipServerOption {
    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description =
                    "The key service, as keys.provider.NAME.kmip of the configuration; may be left out when there is one.")
    @Nullable
    String provider;

    KmipService service(Workbench bench) {
        List<KeyProviderSettings> all =
                List.copyOf(bench.configuration().keys().providers().values());
        List<KeyProviderSettings.InKmip> those = all.stream()
                .filter(KeyProviderSettings.InKmip.class::isInstance)
                .map(KeyProviderSettings.InKmip.class::cast)
                .filter(settings -> provider == null || settings.name().equals(provider))
                .toList();
        return switch (those.size()) {
            case 0 -> throw none(all);
            case 1 -> bench.kmip(those.get(0));
            default ->
                throw new UsageError(
                        "several key services are configured: "
                                + String.join(
                                        ", ",
                                        those.stream()
                                                .map(KeyProviderSettings.InKmip::name)
                                                .toList()),
                        "say which one: --provider NAME");
        };
    }

    private UsageError none(List<KeyProviderSettings> all) {
        if (provider == null) {
            return new UsageError(
                    "no key service is configured",
                    "name its hosts, and certificates, under keys.provider.NAME.kmip, or by --set");
        }
        boolean other = all.stream().anyMatch(settings -> settings.name().equals(provider));
        return new UsageError(
                other
                        ? "the provider \"" + provider + "\" is no KMIP server"
                        : "there is no provider \"" + provider + "\"",
                "tidemark config show");
    }
}
