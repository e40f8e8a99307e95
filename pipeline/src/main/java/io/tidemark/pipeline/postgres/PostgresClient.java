package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.conninfo.HostAddress;
import io.tidemark.pipeline.postgres.conninfo.TlsSettings;
import io.tidemark.pipeline.postgres.startup.Login;
import io.tidemark.pipeline.postgres.startup.SessionStart;
import io.tidemark.pipeline.postgres.wire.Dialer;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import io.tidemark.pipeline.postgres.wire.TlsClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Connects to PostgreSQL: goes through the hosts of the settings until one answers and fits. */
public final class PostgresClient {
    /** What libpq calls the database of a replication connection, in password files too. */
    private static final String REPLICATION = "replication";

    private final EventLoops loops;
    private final Scheduler files;
    private final SecureRandom random;

    /**
     * @param loops the threads of all connections; the caller closes them
     * @param files where names are resolved, small files read and keys derived
     */
    public PostgresClient(EventLoops loops, Scheduler files, SecureRandom random) {
        this.loops = loops;
        this.files = files;
        this.random = random;
    }

    /**
     * A session with the first host that answers and fits, which the caller closes. Each host, and each of its addresses, has
     * {@code connect_timeout}; a wrong password or role ends the search, for it would be wrong everywhere.
     */
    public Mono<PostgresConnection> connect(ConnectionSettings settings, SessionMode mode) {
        return Mono.defer(() -> {
            List<HostAddress> hosts = new ArrayList<>(settings.hosts());
            if (settings.isLoadBalanced()) {
                Collections.shuffle(hosts, random);
            }
            TargetSessionAttributes target = settings.targetSessionAttributes();
            Mono<PostgresConnection> found = new Search(settings, mode, target).among(hosts);
            return target == TargetSessionAttributes.PREFER_STANDBY
                    ? found.onErrorResume(
                            PostgresFailed.class,
                            none -> new Search(settings, mode, TargetSessionAttributes.ANY).among(hosts))
                    : found;
        });
    }

    /** One way through the hosts. */
    private final class Search {
        private final ConnectionSettings settings;
        private final SessionMode mode;
        private final TargetSessionAttributes target;
        private final List<PostgresFailed> failures = new ArrayList<>();

        Search(ConnectionSettings settings, SessionMode mode, TargetSessionAttributes target) {
            this.settings = settings;
            this.mode = mode;
            this.target = target;
        }

        Mono<PostgresConnection> among(List<HostAddress> hosts) {
            return hosts.isEmpty()
                    ? Mono.error(this::nowhere)
                    : at(hosts.get(0)).switchIfEmpty(Mono.defer(() -> among(hosts.subList(1, hosts.size()))));
        }

        /** Empty where the next host is to be tried. */
        private Mono<PostgresConnection> at(HostAddress host) {
            if (host.isSocket()) {
                return tried(host, Dialer.unix(loops, host.socketPath(), settings.connectTimeout()));
            }
            return Mono.fromCallable(() -> found(host))
                    .subscribeOn(files)
                    .onErrorResume(PostgresFailed.class, failure -> {
                        failures.add(failure);
                        return Mono.empty();
                    })
                    .flatMap(found -> at(host, found));
        }

        private Mono<PostgresConnection> at(HostAddress host, Found found) {
            if (found.addresses().isEmpty()) {
                return Mono.empty();
            }
            Dialer dialer = Dialer.tcp(
                    loops,
                    found.addresses().get(0),
                    host.port(),
                    host.toString(),
                    settings.keepAlive(),
                    settings.connectTimeout(),
                    found.tls());
            return tried(host, dialer).switchIfEmpty(Mono.defer(() -> at(host, found.withoutFirst())));
        }

        private Found found(HostAddress host) {
            TlsSettings tls = settings.tls();
            return new Found(
                    addresses(host), tls == null ? null : TlsClient.of(tls, host, settings.connectTimeout(), files));
        }

        private Mono<PostgresConnection> tried(HostAddress host, Dialer dialer) {
            SessionStart start = new SessionStart(login(host), settings.connectTimeout(), files, random);
            return dialer.dial()
                    .flatMap(wire -> start.on(wire).flatMap(parameters -> {
                        Mono<PostgresConnection> session = Mono.fromCallable(() -> {
                            ServerFacts server = ServerFacts.of(wire.where(), parameters);
                            target.refusal(server).ifPresent(refusal -> {
                                throw refusal;
                            });
                            return new PostgresConnection(wire, server, null);
                        });
                        return session.onErrorResume(refusal -> wire.close().then(Mono.error(refusal)));
                    }))
                    .onErrorResume(PostgresFailed.class, failure -> {
                        failures.add(failure);
                        return isTheSameEverywhere(failure) ? Mono.error(failure) : Mono.empty();
                    });
        }

        private Login login(HostAddress host) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("client_encoding", "UTF8");
            parameters.put("application_name", settings.applicationName());
            if (settings.options() != null) {
                parameters.put("options", settings.options());
            }
            String database = switch (mode) {
                case REPLICATION -> {
                    parameters.put("replication", "true");
                    yield REPLICATION;
                }
                case SQL -> {
                    parameters.put("database", settings.database());
                    yield settings.database();
                }
            };
            return new Login(
                    settings.user(), parameters, settings.authentication(), () -> settings.password(host, database));
        }

        private PostgresFailed nowhere() {
            PostgresFailed last = failures.get(failures.size() - 1);
            if (failures.size() == 1) {
                return last;
            }
            return new PostgresFailed(
                    "no host of " + settings.hosts() + " will do",
                    last.hint().orElse(null),
                    null,
                    failures.stream().map(Throwable::getMessage).distinct().toList(),
                    last);
        }
    }

    /** A host's addresses, and how to speak TLS with it; null: not at all. */
    private record Found(
            List<InetAddress> addresses, @Nullable TlsClient tls) {
        Found withoutFirst() {
            return new Found(addresses.subList(1, addresses.size()), tls);
        }
    }

    private static boolean isTheSameEverywhere(PostgresFailed failure) {
        @Nullable String state = failure.sqlState().orElse(null);
        return state != null && (state.startsWith("28") || state.equals("3D000"));
    }

    private static List<InetAddress> addresses(HostAddress host) {
        String name = host.hostaddr() == null ? host.host() : host.hostaddr();
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            throw new PostgresFailed("host " + name + " is not known: " + e.getMessage(), e);
        }
    }
}
