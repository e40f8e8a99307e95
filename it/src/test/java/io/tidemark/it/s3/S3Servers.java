package io.tidemark.it.s3;

import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The run's S3 servers, each started when it is first wanted and shared from then on. Given to tests as a parameter. */
public final class S3Servers implements AutoCloseable {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(S3Servers.class);

    private final Path directory;
    private final Thread hook = new Thread(this::strike, "s3-strike");
    private final List<S3Proxy> own = new ArrayList<>();
    private @Nullable S3Proxy proxy;
    private @Nullable VersityGateway versity;
    private @Nullable Minio minio;

    S3Servers() {
        try {
            directory = Files.createTempDirectory("tidemark-s3-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** S3Proxy, which nobody stops. */
    public synchronized S3Proxy s3proxy() {
        if (proxy == null) {
            proxy = new S3Proxy(newDirectory("s3proxy"));
        }
        return proxy;
    }

    /** An S3Proxy for a test that stops it. */
    public synchronized S3Proxy ownS3Proxy() {
        S3Proxy another = new S3Proxy(newDirectory("s3proxy-" + own.size()));
        own.add(another);
        return another;
    }

    /** versitygw, which nobody stops; where there is none the test is skipped. */
    public synchronized VersityGateway versitygw() {
        if (versity == null) {
            versity = new VersityGateway(VersityGateway.program(), newDirectory("versitygw"));
        }
        return versity;
    }

    /** MinIO, which nobody stops; where no Docker engine is the test is skipped. */
    synchronized Minio minio() {
        if (minio == null) {
            minio = new Minio();
        }
        return minio;
    }

    private Path newDirectory(String name) {
        try {
            return Files.createDirectory(
                    directory.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void strike() {
        own.forEach(S3Proxy::close);
        if (proxy != null) {
            proxy.close();
        }
        if (versity != null) {
            versity.close();
        }
        if (minio != null) {
            minio.close();
        }
        ScratchDirectory.delete(directory);
    }

    @Override
    public void close() {
        strike();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** Gives the run's servers to whoever asks for them. */
    public static final class Provided implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == S3Servers.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(S3Servers.class, type -> new S3Servers(), S3Servers.class);
        }
    }
}
