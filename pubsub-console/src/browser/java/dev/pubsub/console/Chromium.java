package dev.pubsub.console;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.springframework.util.FileSystemUtils;

/** A headless Chromium of the machine's own, with a profile that nobody else uses; nothing is downloaded. */
public final class Chromium implements AutoCloseable {

    private static final String BROWSER = "/usr/bin/chromium";
    private static final String DRIVER = "/usr/bin/chromedriver";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path profile;
    private final ChromeDriver driver;

    public Chromium() {
        this.profile = newProfile();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        this.driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(DRIVER))
                        .usingAnyFreePort()
                        .build(),
                options);
        size(1280, 900);
    }

    /** Whether this machine has one; asked for by name from the tests' annotations. */
    @SuppressWarnings("unused")
    public static boolean isInstalled() {
        return Files.isExecutable(Path.of(BROWSER)) && Files.isExecutable(Path.of(DRIVER));
    }

    public void open(String address) {
        driver.get(address);
    }

    /** The size of the page itself, which may be smaller than a window can be. */
    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    public void scheme(String lightOrDark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", lightOrDark))));
    }

    /** The first element that is there and shown. */
    public WebElement find(String css) {
        return waiting()
                .withMessage(() -> "nothing is shown at " + css + " in:\n" + text("body"))
                .until(it -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** The button, or what opens and closes, with that text in that part of the page, once it can be pressed. */
    public WebElement button(String css, String label) {
        return waiting()
                .withMessage(() -> "no button '" + label + "' in " + css + ":\n" + text(css))
                .until(it -> driver.findElements(By.cssSelector(css + " button")).stream()
                        .filter(one -> one.isDisplayed()
                                && one.isEnabled()
                                && one.getText().equals(label))
                        .findFirst()
                        .orElse(null));
    }

    /** All buttons in that part of the page, whether or not they can be pressed. */
    public List<WebElement> buttons(String css) {
        return driver.findElements(By.cssSelector(css + " button")).stream()
                .filter(WebElement::isDisplayed)
                .toList();
    }

    public void press(String css, String label) {
        button(css, label).click();
    }

    public void awaitText(String css, String expected) {
        waiting()
                .withMessage(() -> "'" + expected + "' is not in " + css + ":\n" + text(css))
                .until(it -> text(css).contains(expected));
    }

    public void awaitGone(String css) {
        waiting()
                .withMessage(() -> css + " is still there:\n" + text(css))
                .until(it -> driver.findElements(By.cssSelector(css)).stream().noneMatch(WebElement::isDisplayed));
    }

    /** What a person reads there; empty where there is nothing. */
    public String text(String css) {
        List<WebElement> found = driver.findElements(By.cssSelector(css));
        return found.isEmpty() ? "" : found.get(0).getText();
    }

    public Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** What the browser complained of: errors of scripts, what the security policy blocked, what was not found. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    public byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    private FluentWait<ChromeDriver> waiting() {
        return new FluentWait<>(driver)
                .withTimeout(PATIENCE)
                .pollingEvery(Duration.ofMillis(100))
                .ignoring(StaleElementReferenceException.class);
    }

    private static Path newProfile() {
        try {
            return Files.createTempDirectory("console-browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        FileSystemUtils.deleteRecursively(profile);
    }
}
