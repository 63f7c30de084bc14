@echo off
rem ダブルクリックすると、jusou を使える画面を開き、今の状況と次にすることを表示します。
title jusou
pushd "%~dp0"
set "JUSOU_PYTHON=%~dp0.venv\Scripts\python.exe"
if not exist "%JUSOU_PYTHON%" set "JUSOU_PYTHON=py.exe"
for %%I in ("%JUSOU_PYTHON%") do set "PATH=%%~dpI;%PATH%"
rem 署名のないプログラムを止めているパソコンでも動くように、python から呼びます。
doskey jusou="%JUSOU_PYTHON%" -m jusou $*
"%JUSOU_PYTHON%" -m jusou status
if errorlevel 9009 echo jusou の準備ができていません。README の「準備」の1行を実行してください。
cmd /k
