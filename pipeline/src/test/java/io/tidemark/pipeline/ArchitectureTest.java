package io.tidemark.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.tidemark.sinks.ObjectStore;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The folder tree is the architecture: who may know whom, module by module and inside the pipeline (docs/ARCHITECTURE.md). */
final class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.tidemark");

    /** Left may use right. Packages that share a cell may use each other only as the test of cycles allows. */
    private static final String[][] LAYERS = {
        {"cli"},
        {"daemon"},
        {"care"},
        {"archive", "backup", "restore"},
        {"catalog", "keys", "stage"},
        {"postgres", "wal", "config", "event"},
    };

    private static final String[] PURE = {
        "io.tidemark.crypto..", "io.tidemark.pipeline.wal..", "io.tidemark.kmip.ttlv..", "io.tidemark.kmip.message..",
    };

    @Test
    void classes_ofEveryModule_areSeenByTheseTests() {
        for (String module : new String[] {"kmip", "crypto", "sinks", "pipeline"}) {
            assertThat(ALL.stream().filter(c -> c.getPackageName().startsWith("io.tidemark." + module)))
                    .as("classes of " + module)
                    .isNotEmpty();
        }
    }

    @Test
    void modules_belowThePipeline_knowNoOtherModuleOfOurs() {
        for (String module : new String[] {"kmip", "crypto", "sinks"}) {
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark." + module + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("io.tidemark..")
                            .and(DescribedPredicate.not(resideInAPackage("io.tidemark." + module + ".."))))
                    .allowEmptyShould(true)
                    .because("each module is useful and testable alone")
                    .check(ALL);
        }
    }

    @Test
    void layers_ofThePipeline_useOnlyWhatLiesToTheirRight() {
        for (int layer = 0; layer < LAYERS.length; layer++) {
            for (String name : LAYERS[layer]) {
                for (int above = 0; above < layer; above++) {
                    for (String upper : LAYERS[above]) {
                        forbid(name, upper, "the left may use the right, never the other way");
                    }
                }
                forbid(name, "", "only Main and Wiring know everything");
            }
        }
        for (String verb : LAYERS[3]) {
            for (String other : LAYERS[3]) {
                if (!verb.equals(other)) {
                    forbid(verb, other, "the verbs do not use each other");
                }
            }
        }
    }

    private static void forbid(String user, String used, String reason) {
        String target = used.isEmpty() ? "io.tidemark.pipeline" : "io.tidemark.pipeline." + used + "..";
        noClasses()
                .that()
                .resideInAPackage("io.tidemark.pipeline." + user + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(target)
                .allowEmptyShould(true)
                .because(reason)
                .check(ALL);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.tidemark.pipeline.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(ALL);
        for (String module : new String[] {"kmip", "crypto", "sinks"}) {
            slices().matching("io.tidemark." + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(ALL);
        }
    }

    @Test
    void purePackages_useNoReactorNoFilesNoThreadsNoLoggers() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "reactor..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "io.tidemark.sinks..")
                .because("formats, ciphers and decisions are plain code that is tested without threads")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("io.tidemark.crypto..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(ALL);
    }

    @Test
    void everyClass_isFinalAbstractSealedOrOfAClosedKind() {
        classes()
                .that(new DescribedPredicate<JavaClass>("are plain named classes") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !type.isInterface()
                                && !type.isEnum()
                                && !type.isRecord()
                                && !type.isAnonymousClass()
                                && !type.getSimpleName().isEmpty();
                    }
                })
                .should(new ArchCondition<JavaClass>("be final or abstract") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                                || type.reflect().isSealed();
                        events.add(new SimpleConditionEvent(type, closed, type.getName() + " is open for inheritance"));
                    }
                })
                .check(ALL);
    }

    @Test
    void fields_areNeitherOptionalNorMutableAndShared() {
        fields().should().notHaveRawType(java.util.Optional.class).check(ALL);
        fields().that().arePublic().should().beFinal().check(ALL);
        fields().that().areStatic().should().beFinal().check(ALL);
    }

    @Test
    void names_sayTheIdea() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.(\\w*(Utils?|Helper|Manager|Impl)|Default\\w+|Abstract\\w+Base)")
                .because("the idea has a name, or the method belongs to the type that it is about")
                .check(ALL);
        classes()
                .that(are(resideInAPackage("io.tidemark.sinks.decorator..")))
                .and()
                .areAssignableTo(ObjectStore.class)
                .should()
                .haveSimpleNameEndingWith("Store")
                .because("beside them lies only what they are made of")
                .check(ALL);
    }

    @Test
    void packages_areNullMarkedAndMapped() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : ALL) {
            boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
            if (!marked) {
                unmarked.add(type.getPackageName());
            }
        }
        assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
    }

    @Test
    void publicMethods_takeNoBooleans() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should(new ArchCondition<JavaMethod>("take no boolean parameter") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        boolean component = method.getOwner().isRecord();
                        for (JavaType parameter : method.getParameterTypes()) {
                            if (!component && parameter.getName().equals("boolean")) {
                                events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                            }
                        }
                    }
                })
                .because("a literal boolean says nothing at the call")
                .check(ALL);
    }

    @Test
    void reactiveMethods_declareNoCheckedExceptions() {
        methods()
                .that()
                .haveRawReturnType(reactor.core.publisher.Mono.class)
                .or()
                .haveRawReturnType(reactor.core.publisher.Flux.class)
                .should()
                .notDeclareThrowableOfType(Exception.class)
                .allowEmptyShould(true)
                .check(ALL);
    }

    @Test
    void exitCodes_areReadByTheCommandLineAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidemark.pipeline.cli..", "io.tidemark.pipeline")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("ExitCode")
                .check(ALL);
    }

    @Test
    void logging_staysOffTheFastClassPath() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tidemark.crypto..",
                        "io.tidemark.sinks.local..",
                        "io.tidemark.pipeline.stage..",
                        "io.tidemark.pipeline.archive..",
                        "io.tidemark.pipeline.wal..",
                        "io.tidemark.pipeline.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "picocli..", "software.amazon..")
                .allowEmptyShould(true)
                .because("archive-push and archive-get start once a segment, without these jars")
                .check(ALL);
    }

    /** A setting without effect would be a lie in the operator's file: each component of the records is asked for outside config. */
    @Test
    void t117_everySetting_isReadByWhatItIsAbout() {
        Set<String> unread = new TreeSet<>();
        for (JavaClass type : ALL) {
            boolean settings = type.getPackageName().equals("io.tidemark.pipeline.config")
                    && type.isRecord()
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getName().contains(".SettingType$")
                    && !type.getSimpleName().equals("Line")
                    && !type.getSimpleName().endsWith("Configuration");
            for (JavaField component : settings ? type.getFields() : Set.<JavaField>of()) {
                JavaMethod accessor = type.getMethod(component.getName());
                boolean read = accessor.getCallsOfSelf().stream()
                        .anyMatch(call -> !call.getOriginOwner().equals(type));
                if (!read) {
                    unread.add(accessor.getFullName());
                }
            }
        }
        assertThat(unread).as("settings that nothing reads").isEmpty();
    }

    /** Which packages show how many types: a package that does something shows a few (words may be many). */
    @Test
    void packages_showFewTypes() {
        Set<String> words = Set.of(
                "io.tidemark.kmip.ttlv",
                "io.tidemark.kmip.message",
                "io.tidemark.kmip.message.attribute",
                "io.tidemark.kmip.message.operation",
                "io.tidemark.sinks",
                "io.tidemark.crypto",
                "io.tidemark.crypto.postgres",
                "io.tidemark.crypto.seal",
                "io.tidemark.crypto.keyset",
                "io.tidemark.pipeline.config",
                "io.tidemark.pipeline.postgres",
                "io.tidemark.pipeline.wal",
                "io.tidemark.pipeline.stage",
                "io.tidemark.pipeline.catalog",
                "io.tidemark.pipeline.catalog.manifest",
                "io.tidemark.pipeline.keys",
                "io.tidemark.pipeline.cli");
        Map<String, Integer> shown = new TreeMap<>();
        for (JavaClass type : ALL) {
            if (type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.isNestedClass()
                    && !words.contains(type.getPackageName())) {
                shown.merge(type.getPackageName(), 1, Integer::sum);
            }
        }
        shown.values().removeIf(count -> count <= 8);
        assertThat(shown).as("packages that show more than eight types").isEmpty();
    }
}
